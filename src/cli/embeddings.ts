import { parseArgs } from "node:util";
import { toJsonString } from "@bufbuild/protobuf";
import {
  type EmbeddingGeneration,
  EmbeddingGenerationSchema,
  EmbeddingGenerationState,
} from "../../gen/server/cairn/v1/embedding_pb.ts";
import {
  EmbeddingService,
  ListEmbeddingGenerationsResponseSchema,
} from "../../gen/server/cairn/v1/embedding_service_pb.ts";
import { type Command, type CommandIo, UsageError } from "./command.ts";
import { awaitComplete, awaitGone } from "./embeddings-wait.ts";
import { callRemote, REMOTE_HELP, REMOTE_OPTIONS, type RemoteValues } from "./remote.ts";
import { table } from "./table.ts";

const JSON_STYLE = { useProtoFieldName: true, prettySpaces: 2 };

const STATE_WORDS: Readonly<Record<number, string>> = {
  [EmbeddingGenerationState.BUILDING]: "building",
  [EmbeddingGenerationState.ACTIVE]: "active",
  [EmbeddingGenerationState.RETIRED]: "retired",
  [EmbeddingGenerationState.DROPPING]: "dropping",
};

export const embeddingsStatus: Command = {
  name: "embeddings status",
  summary: "shows the generations of vectors and how far each covers the memories",
  help: `usage: cairn embeddings status

  A generation is the vectors of one model at one dimension. Search reads the active one.
  INDEXED counts those of large workspaces; others are read one by one, which misses nothing.

${REMOTE_HELP}`,
  async run(args, io) {
    const { values } = parseArgs({ args: [...args], options: REMOTE_OPTIONS });
    const answer = await callRemote(EmbeddingService, values, io, (client) => client.listEmbeddingGenerations({}));
    io.out(
      values.json
        ? `${toJsonString(ListEmbeddingGenerationsResponseSchema, answer, JSON_STYLE)}\n`
        : table(
            ["GENERATION", "MODEL", "DIMENSIONS", "STATE", "VECTORS", "MISSING", "INDEXED", "NOTE"],
            answer.generations.map(rowOf),
          ),
    );
    return 0;
  },
};

export const embeddingsBuild: Command = {
  name: "embeddings build",
  summary: "builds a generation beside the one in use, and shows how far it is",
  help: `usage: cairn embeddings build [GENERATION] [--no-wait]

  GENERATION  its number, as "cairn embeddings status" shows it (default: that of the configured provider)
  --no-wait   returns at once; the server builds in the background either way
${REMOTE_HELP}`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...REMOTE_OPTIONS, "no-wait": { type: "boolean" } },
    });
    const wanted = positionals.length === 0 ? 0 : numberOf(positionals);
    const begun = await callRemote(EmbeddingService, values, io, (client) =>
      client.buildEmbeddingGeneration({ generation: wanted }),
    );
    let generation = begun.generation as EmbeddingGeneration;
    if (!values["no-wait"]) generation = await awaitComplete(generation, values, io);
    return show(generation, values, io, "builds in the background");
  },
};

export const embeddingsActivate: Command = {
  name: "embeddings activate",
  summary: "makes search read a generation that is complete",
  help: `usage: cairn embeddings activate GENERATION [--force]

  --force   although vectors are missing: their memories are found by words alone until they come
${REMOTE_HELP}`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...REMOTE_OPTIONS, force: { type: "boolean" } },
    });
    const request = { generation: numberOf(positionals), force: values.force ?? false };
    const answer = await callRemote(EmbeddingService, values, io, (client) =>
      client.activateEmbeddingGeneration(request, { timeoutMs: 60_000 }),
    );
    return show(answer.generation as EmbeddingGeneration, values, io, "is not active");
  },
};

export const embeddingsDrop: Command = {
  name: "embeddings drop",
  summary: "erases the vectors of a generation that is not in use",
  help: `usage: cairn embeddings drop GENERATION --yes [--no-wait]

  --yes      says that you mean it; without it nothing happens
  --no-wait  returns at once; the server erases in the background either way
${REMOTE_HELP}`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...REMOTE_OPTIONS, yes: { type: "boolean" }, "no-wait": { type: "boolean" } },
    });
    const generation = numberOf(positionals);
    if (!values.yes) throw new UsageError(`this erases the vectors of generation ${generation}: add --yes`);
    const answer = await callRemote(EmbeddingService, values, io, (client) =>
      client.dropEmbeddingGeneration({ generation }),
    );
    const dropping = answer.generation as EmbeddingGeneration;
    if (!values["no-wait"]) await awaitGone(dropping, values, io);
    if (values.json) io.out(`${toJsonString(EmbeddingGenerationSchema, dropping, JSON_STYLE)}\n`);
    else io.out(`generation ${generation} (${dropping.model}) ${values["no-wait"] ? "is being dropped" : "is gone"}\n`);
    return 0;
  },
};

function show(
  generation: EmbeddingGeneration,
  values: RemoteValues & { json?: boolean },
  io: CommandIo,
  otherwise: string,
) {
  if (values.json) {
    io.out(`${toJsonString(EmbeddingGenerationSchema, generation, JSON_STYLE)}\n`);
    return 0;
  }
  const { generation: id, model, state, missingCount } = generation;
  const isReady = state === EmbeddingGenerationState.BUILDING && missingCount === 0n;
  const verdict = state === EmbeddingGenerationState.ACTIVE ? "is in use" : otherwise;
  io.out(`generation ${id} (${model}) ${isReady ? `is complete; cairn embeddings activate ${id} uses it` : verdict}\n`);
  return 0;
}

function numberOf(positionals: readonly string[]): number {
  const [only] = positionals;
  if (only === undefined || positionals.length > 1 || !/^[1-9][0-9]{0,4}$/.test(only)) {
    throw new UsageError("name one generation by its number");
  }
  return Number(only);
}

/** Of small workspaces nothing is ever indexed. */
function indexedOf({ indexedCount, toIndexCount }: EmbeddingGeneration): string {
  return `${indexedCount} of ${indexedCount + toIndexCount}`;
}

function rowOf(one: EmbeddingGeneration): string[] {
  const notes = [
    one.configured ? "configured" : "",
    one.available ? "" : "not configured here",
    one.failedCount > 0n ? `${one.failedCount} failed` : "",
    one.disabledCount > 0n ? `${one.disabledCount} without a vector` : "",
  ];
  return [
    String(one.generation),
    one.model,
    String(one.dimensions),
    STATE_WORDS[one.state] ?? "?",
    `${one.attachedCount} of ${one.memoryCount}`,
    String(one.missingCount),
    indexedOf(one),
    notes.filter((note) => note !== "").join(", "),
  ];
}
