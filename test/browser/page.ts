/** What the suite's page runs: bundled for Chromium, called from the suite as `window.cairn`. */
import { type Client, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
import { ErrorInfoSchema, MemoryService, Outcome, type SearchResponse } from "../../gen/ts/dist/index.js";
import type { pitchMemory } from "../app/nurture-agent.ts";

/** Where to call, how, and as whom. */
export interface Visit {
  baseUrl: string;
  key: string;
  protocol: "connect" | "connect-get" | "grpc-web";
}

/** An error as the page's own code sees it. */
export interface Failure {
  code: number;
  message: string;
  reason: string | undefined;
  domain: string | undefined;
}

type Memories = Client<typeof MemoryService>;

function memoriesOf({ baseUrl, protocol, key }: Visit): Memories {
  const authorize: NonNullable<Parameters<typeof createConnectTransport>[0]["interceptors"]> = [
    (next) => (request) => {
      request.header.set("authorization", `Bearer ${key}`);
      return next(request);
    },
  ];
  const options = { baseUrl, interceptors: authorize };
  const transport: Transport =
    protocol === "grpc-web"
      ? createGrpcWebTransport(options)
      : createConnectTransport({ ...options, useHttpGet: protocol === "connect-get" });
  return createClient(MemoryService, transport);
}

type Pitch = ReturnType<typeof pitchMemory>;

/** Writes the pitch, writes it again changed and unchanged, deletes it, and writes it once more. */
async function upsertAndRevive(visit: Visit, pitch: Pitch) {
  const memories = memoriesOf(visit);
  const steps: { outcome: string | undefined; id: string | undefined; revision: number | undefined }[] = [];
  const write = async (changes: Partial<Pitch>) => {
    const { outcome, memory } = await memories.writeMemory({ memory: { ...pitch, ...changes } });
    steps.push({ outcome: Outcome[outcome], id: memory?.id, revision: memory?.revision });
    return memory?.id ?? "";
  };
  await write({ content: "Pitched something else." });
  await write({});
  const id = await write({});
  await memories.deleteMemory({ memoryId: id });
  const deleted = await failureOf(() => memories.getMemory({ memoryId: id }));
  await write({});
  const { memory } = await memories.getMemory({ memoryId: id });
  const listed = await memories.listMemories({
    filter: { subjectType: "contact", subjectId: pitch.subjectId, kinds: ["pitch"] },
  });
  await memories.purgeMemory({ memoryId: id });
  return {
    steps,
    deleted,
    read: { content: memory?.content, metadata: memory?.metadata, tags: memory?.tags, key: memory?.key },
    listed: listed.memories.map((found) => found.id),
  };
}

/** Writes the pitch, searches, and erases it again. */
async function findPitch(visit: Visit, pitch: Pitch, query: string, limit: number) {
  const memories = memoriesOf(visit);
  const { memory } = await memories.writeMemory({ memory: pitch });
  const memoryId = memory?.id ?? "";
  try {
    return { memoryId, parts: await search(visit, query, limit) };
  } finally {
    await memories.purgeMemory({ memoryId });
  }
}

async function search(visit: Visit, query: string, limit: number) {
  const parts: { kind: string; id: string | undefined; rank: number | undefined; count: number | undefined }[] = [];
  for await (const { part } of memoriesOf(visit).search({ query, limit })) parts.push(shown(part));
  return parts;
}

function shown(part: SearchResponse["part"]) {
  return {
    kind: String(part.case),
    id: part.case === "result" ? part.value.memory?.id : undefined,
    rank: part.case === "result" ? part.value.rank : undefined,
    count: part.case === "summary" ? part.value.count : undefined,
  };
}

/** Aborts a search at its first result, as a page does that its user leaves. */
async function stopSearch(visit: Visit, query: string): Promise<{ seen: number; failure: Failure }> {
  const stop = new AbortController();
  let seen = 0;
  const failure = await failureOf(async () => {
    for await (const _ of memoriesOf(visit).search({ query, limit: 100 }, { signal: stop.signal })) {
      seen++;
      stop.abort();
    }
  });
  return { seen, failure };
}

function readMissing(visit: Visit, memoryId: string): Promise<Failure> {
  return failureOf(() => memoriesOf(visit).getMemory({ memoryId }));
}

function writeBlank(visit: Visit): Promise<Failure> {
  return failureOf(() => memoriesOf(visit).writeMemory({ memory: { kind: "note", content: " " } }));
}

function searchBlank(visit: Visit): Promise<Failure> {
  return failureOf(async () => {
    for await (const _ of memoriesOf(visit).search({ query: " " }));
  });
}

async function failureOf(call: () => Promise<unknown>): Promise<Failure> {
  try {
    await call();
  } catch (cause) {
    const error = ConnectError.from(cause);
    const info = error.findDetails(ErrorInfoSchema)[0];
    return { code: error.code, message: error.rawMessage, reason: info?.reason, domain: info?.domain };
  }
  return { code: 0, message: "it succeeded", reason: undefined, domain: undefined };
}

const scenarios = { upsertAndRevive, findPitch, search, stopSearch, readMissing, writeBlank, searchBlank };

declare global {
  interface Window {
    cairn: typeof scenarios;
  }
}

window.cairn = scenarios;
