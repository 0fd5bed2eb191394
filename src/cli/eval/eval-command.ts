import { parseArgs } from "node:util";
import { Code, ConnectError } from "@connectrpc/connect";
import { type Command, type CommandIo, UsageError } from "../command.ts";
import { type RemoteAddress, remoteAddress, remoteFailure } from "../remote.ts";
import type { Conversation } from "./conversation.ts";
import { type Evaluation, evaluate } from "./evaluate.ts";
import { startOwnServer } from "./own-server.ts";
import { readConversations } from "./read-conversations.ts";
import { reportOf, textOf } from "./report.ts";
import { type Variant, variantsOf } from "./variant.ts";

const OPTIONS = {
  mode: { type: "string", default: "lexical,semantic,hybrid" },
  context: { type: "string", default: "off,on" },
  provider: { type: "string" },
  limit: { type: "string" },
  url: { type: "string" },
  key: { type: "string" },
  json: { type: "boolean", default: false },
  details: { type: "boolean", default: false },
} as const;

const INTERRUPTED = 130;

export const evalCommand: Command = {
  name: "eval",
  summary: "measures recall on a folder of conversations with questions",
  help: `usage: cairn eval DIR [--mode MODES] [--context on|off] [--provider PROVIDER] [--limit N] [--json] [--url URL --key KEY]

Loads each conversation of the folder into a workspace of its own, one memory a turn, asks every question of categories 1 to 4 and
prints which share of the evidence comes back among the first 1, 5, 10 and 20 results. Every workspace is erased again at the end,
after Ctrl-C and failures too.

Without --url it serves from its own process, with the environment's configuration, on a database made for the evaluation: on
the Postgres of DATABASE_URL (its user needs CREATEDB), else the embedded one in a temporary folder. Other data is not touched.

  --mode MODES         lexical, semantic, hybrid, or several with commas between (default: all three)
  --context on|off     off: the terms of a score that know of conversations are switched off, the text alone ranks. They act in
                       hybrid alone (default: both)
  --provider PROVIDER  embedding provider, as EMBEDDING_PROVIDER; not with --url, where the server decides
  --limit N            only the first N questions of each conversation
  --details            with --json: every question with the ranks of its evidence
  --json               prints JSON
  --url URL            measures a running server instead; the figures of latency then include the way there
  --key KEY            its root key (default: CAIRN_API_KEY, else the first of CAIRN_ROOT_KEY, else the data folder's root key)

DIR holds one JSON file a conversation:

  {"session_1_date_time": "1:56 pm on 8 May, 2023",
   "session_1": [{"speaker": "Ana", "dia_id": "D1:1", "text": "I moved to Porto.", "blip_caption": "a photo, if one was shown"}],
   "qa": [{"question": "Where does Ana live?", "evidence": ["D1:1"], "category": 4}]}

Categories: 1 multi-hop, 2 temporal, 3 open-domain, 4 single-hop, 5 adversarial (not asked). A memory's content is "Ana: I moved
to Porto. [shares a photo, …]", its subject the person, its source the session. Latency is the client's, one question at a time.`,
  async run(args, io) {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    const [folder] = positionals;
    if (folder === undefined || positionals.length > 1) throw new UsageError("name one folder of conversations");
    const variants = variantsOf(values.mode, values.context);
    const limit = values.limit === undefined ? undefined : countOf(values.limit);
    if (values.details && !values.json) throw new UsageError("--details goes with --json");
    if (values.url !== undefined && values.provider !== undefined) {
      throw new UsageError("--provider is for a server of its own; behind --url the server decides");
    }
    const conversations = readConversations(folder);
    const ran = await measured(io, conversations, { ...values, variants, limit });
    if (ran === null) return INTERRUPTED;
    const report = reportOf(conversations, ran.evaluations, { engine: ran.engine, details: values.details });
    io.out(values.json ? `${JSON.stringify(report, null, 2)}\n` : textOf(report));
    return 0;
  },
};

interface Asking {
  readonly variants: readonly Variant[];
  readonly limit: number | undefined;
  readonly url?: string;
  readonly key?: string;
  readonly provider?: string;
}

/** Null: it was interrupted; its workspaces are erased all the same. */
async function measured(
  io: CommandIo,
  conversations: readonly Conversation[],
  { variants, limit, ...asking }: Asking,
): Promise<{ evaluations: readonly Evaluation[]; engine: string | null } | null> {
  const abort = new AbortController();
  void io.terminated.then(() => abort.abort());
  const tell = (line: string) => io.err(`${line}\n`);
  const own = asking.url === undefined ? await startOwnServer(io, asking.provider) : null;
  const address: RemoteAddress = own ?? remoteAddress(asking, io);
  try {
    const options = { variants, limit, tell, signal: abort.signal };
    return { evaluations: await evaluate(address, conversations, options), engine: own?.engine ?? null };
  } catch (error) {
    // What fails while the workspaces are erased is no interruption.
    if (!isCancelled(error)) throw remoteFailure(error, address.baseUrl);
    tell("interrupted; the workspaces are erased");
    return null;
  } finally {
    await own?.close();
  }
}

function isCancelled(error: unknown): boolean {
  return (error instanceof ConnectError && error.code === Code.Canceled) || (error as Error).name === "AbortError";
}

function countOf(text: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(text)) throw new UsageError(`--limit ${text} is no whole number of at least 1`);
  return Number(text);
}
