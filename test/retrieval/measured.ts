import { evaluate } from "../../src/cli/eval/evaluate.ts";
import { readConversations } from "../../src/cli/eval/read-conversations.ts";
import { type ReportRow, reportOf } from "../../src/cli/eval/report.ts";
import { variantsOf } from "../../src/cli/eval/variant.ts";
import type { EngineName } from "../app/engines.ts";
import { serveApp } from "../app/served-app.ts";

/** The figures of `cairn eval` by `<mode> <context>`, such as `hybrid on`, with the provider that Cairn comes with. */
export type Measured = Readonly<Record<string, ReportRow>>;

/** How far figures of the two engines may be apart. */
export const SAME_WITHIN = 0.003;

const running = new Map<string, Promise<Measured>>();

/** Measures a folder on an engine, once a process. */
export function measured(engine: EngineName, folder: string): Promise<Measured> {
  const name = `${engine} ${folder}`;
  const known = running.get(name) ?? measureAnew(engine, folder);
  running.set(name, known);
  return known;
}

async function measureAnew(engine: EngineName, folder: string): Promise<Measured> {
  const conversations = readConversations(folder);
  const app = await serveApp(engine);
  try {
    const address = { baseUrl: app.url, key: app.rootKey };
    const variants = variantsOf("lexical,semantic,hybrid", "off,on");
    const options = { variants, tell: () => {}, signal: new AbortController().signal };
    const evaluations = await evaluate(address, conversations, options);
    const { rows } = reportOf(conversations, evaluations, { engine, details: false });
    return Object.fromEntries(rows.map((row) => [`${row.mode} ${row.context}`, row]));
  } finally {
    await app.close();
  }
}

/** Every figure of two engines that lies further apart than it may; empty: none does. */
export function differences(one: Measured, other: Measured): readonly string[] {
  return Object.entries(one).flatMap(([name, row]) => {
    const figures = { ...row.recall, mrr: row.mrr, ndcg10: row.ndcg10 };
    const others = { ...other[name]!.recall, mrr: other[name]!.mrr, ndcg10: other[name]!.ndcg10 };
    return (Object.keys(figures) as unknown as (keyof typeof figures)[])
      .filter((figure) => Math.abs(figures[figure] - others[figure]) > SAME_WITHIN)
      .map((figure) => `${name} ${figure}: ${figures[figure].toFixed(4)} and ${others[figure].toFixed(4)}`);
  });
}
