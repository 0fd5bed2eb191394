import { create, toBinary } from "@bufbuild/protobuf";
import { Client } from "pg";
import { MemoryService, WriteMemoryRequestSchema } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import type { Caller } from "../../src/domain/caller.ts";
import type { Storage } from "../../src/storage/storage.ts";
import { randomSecrets } from "../../src/system/secret.ts";
import { systemClock } from "../../src/system/system-clock.ts";
import { createUuidV7Source } from "../../src/system/uuid-v7.ts";
import { embedForWrite } from "../../src/usecases/memories/embed-for-write.ts";
import { writeMemories } from "../../src/usecases/memories/write-memories.ts";
import { builtInEmbedder } from "../../test/embeddings/built-in-embedder.ts";
import { ROOT_KEY, withBench } from "../bench-server.ts";
import { frame } from "../load/grpc-frame.ts";
import type { GrpcJob, GrpcResult } from "../load/grpc-load.ts";
import type { SqlJob, SqlResult } from "../load/sql-load.ts";
import { Worker } from "../load/worker.ts";
import { cpuSeconds } from "../process-usage.ts";
import { figure, type Measurement, median, type Row, type Scale } from "../row.ts";
import { Writer } from "../seed/words.ts";
import { type RecordedTransaction, recordTransactions } from "../sql/record-transactions.ts";

const FLOOR = 0.7;
const IN_FLIGHT = 16;
const SERVER_CONNECTIONS = 4;
const SUBJECT = { subjectType: "contact", subjectId: "c-1042", kind: "preference" };
const TAGS = ["competitor:Twilio", "channel:email"];

/** What one write of the row says; every key comes up with a new text each time. */
interface Text {
  readonly key: string;
  readonly content: string;
}

export const keyedUpsert: Row = {
  name: "keyed-upsert",
  claim: "keyed upsert over gRPC with revision row and vector, 16 in flight, Postgres, fsync on",
  measure: (scale) =>
    withBench(async (bench) => {
      const server = await bench.serve();
      const storage = await bench.storage();
      const texts = textsOf(scale.smoke ? 200 : 2000);
      const transactions = await record(storage, texts);
      const grpc = new Worker<GrpcJob, GrpcResult>(new URL("../load/grpc-load.ts", import.meta.url));
      const sql = new Worker<SqlJob, SqlResult>(new URL("../load/sql-load.ts", import.meta.url));
      const admin = new Client({ connectionString: bench.databaseUrl });
      await admin.connect();
      try {
        const count = countRevisions(admin);
        let at = 0;
        const overGrpc = (seconds: number) => grpc.run({ ...grpcJob(server.url, texts), from: at, seconds });
        const bare = (seconds: number) =>
          sql.run({
            ...{ databaseUrl: bench.databaseUrl, transactions, connections: IN_FLIGHT },
            ...{ from: at, count: null, seconds },
          });
        const timed = async (
          pid: number,
          run: (seconds: number) => Promise<GrpcResult | SqlResult>,
          seconds: number,
        ) => {
          const before = await count();
          const cpu = cpuSeconds(pid);
          const { calls, seconds: took } = await run(seconds);
          const cpuMicros = ((cpuSeconds(pid) - cpu) * 1e6) / calls;
          at += calls;
          const written = (await count()) - before;
          if (written !== calls) throw new Error(`${calls} calls wrote ${written} revisions`);
          return { rate: calls / took, cpuMicros };
        };
        return await compare(
          scale,
          (seconds) => timed(server.pid, overGrpc, seconds),
          (seconds) => timed(sql.pid, bare, seconds),
        );
      } finally {
        await Promise.all([grpc.close(), sql.close(), admin.end()]);
      }
    }),
};

/** Writes a second, and CPU of the process that sends the SQL a write. */
interface Speed {
  readonly rate: number;
  readonly cpuMicros: number;
}

/** Server and bare driver in turn, so that a busy moment of the machine hits both. */
async function compare(
  scale: Scale,
  server: (seconds: number) => Promise<Speed>,
  bare: (seconds: number) => Promise<Speed>,
): Promise<readonly Measurement[]> {
  const [turns, seconds] = scale.smoke ? [1, 1] : [5, 3];
  await server(seconds);
  await bare(seconds);
  const pairs: { server: Speed; bare: Speed }[] = [];
  for (let turn = 0; turn < turns; turn++) {
    pairs.push({ server: await server(seconds), bare: await bare(seconds) });
  }
  const ratio = median(pairs.map((pair) => pair.server.rate / pair.bare.rate));
  const cpu = {
    server: median(pairs.map((p) => p.server.cpuMicros)),
    bare: median(pairs.map((p) => p.bare.cpuMicros)),
  };
  return [
    {
      row: "keyed upsert, 16 in flight, against bare pg",
      measured: `${figure(median(pairs.map((pair) => pair.server.rate)))} /s`,
      baseline: `${figure(median(pairs.map((pair) => pair.bare.rate)))} /s`,
      ...{ ratio: figure(ratio, 2), floor: `≥ ${FLOOR}`, held: ratio >= FLOOR },
    },
    {
      row: "  CPU a write of the server, and of the process with bare pg",
      ...{ measured: `${figure(cpu.server)} µs`, baseline: `${figure(cpu.bare)} µs` },
      ...{ ratio: figure(cpu.server / cpu.bare, 2), floor: "", held: null },
    },
  ];
}

/** First every key with one text, then every key with another. */
function textsOf(keys: number): readonly Text[] {
  const writer = new Writer(7);
  return Array.from({ length: 2 * keys }, (_, at) => ({
    key: `key-${at % keys}`,
    content: writer.text(at % keys, 25),
  }));
}

function grpcJob(url: string, texts: readonly Text[]) {
  const requests = texts.map((text) =>
    create(WriteMemoryRequestSchema, {
      memory: { ...SUBJECT, ...text, tags: TAGS, metadata: { stage: "proposal", value: 48_000 } },
    }),
  );
  return {
    url,
    path: `/${MemoryService.typeName}/WriteMemory`,
    authorization: `Bearer ${ROOT_KEY}`,
    frames: requests.map((request) => frame(toBinary(WriteMemoryRequestSchema, request))),
    count: null,
    connections: SERVER_CONNECTIONS,
    inFlight: IN_FLIGHT,
    keepBodies: false,
  };
}

/** The transactions of the same writes by the same use case, which also makes the rows that the measurement then replaces. */
async function record(storage: Storage, texts: readonly Text[]): Promise<readonly RecordedTransaction[]> {
  const ids = createUuidV7Source(systemClock);
  const embedder = builtInEmbedder;
  const generation = await storage.embeddingQueue.ensureGeneration(embedder.model, embedder.dimensions);
  const credential = await storage.keys.authenticate(randomSecrets.digest(ROOT_KEY));
  if (credential === null) throw new Error("the server has not made the root key");
  const caller: Caller = {
    ...{ workspaceId: credential.workspaceId, keyId: credential.id, scopes: new Set(credential.scopes) },
    ...{
      agentId: null,
      boundToAgent: false,
      registersAgents: true,
      volumeId: null,
      expireTime: null,
      callId: "bench",
      api: "native",
    },
    language: credential.language,
  };
  const deps = {
    ...{ memories: storage.memories, ids, clock: systemClock, onPending: () => {} },
    embedForWrite: embedForWrite(() => ({ embedder, generation })),
  };
  const recorder = recordTransactions(storage.session);
  const { signal } = new AbortController();
  for (const text of texts) {
    const write = { ...SUBJECT, ...BLANK, ...text, mode: "upsert" as const, expectedRevision: null };
    const input = { writes: [write], pathOf: () => "memory", atomic: true, request: null };
    const { results } = await writeMemories(deps, caller, input, signal);
    if (results[0] instanceof Error) throw results[0];
  }
  const transactions = recorder.take();
  if (transactions.length !== texts.length) throw new Error(`${texts.length} writes sent ${transactions.length}`);
  return transactions;
}

const BLANK = {
  ...{ volumeId: null, agentId: null, title: "", visibility: "private" as const, linkedEntities: [], confidence: 1 },
  ...{ sourceKind: null, sourceId: null, sourceContext: null, provenance: null, parentMemoryId: null },
  ...{ expireTime: null, expireReason: null, shapeId: null },
  ...{ tags: TAGS, metadata: { stage: "proposal", value: 48_000 } },
};

function countRevisions(client: Client): () => Promise<number> {
  return async () => {
    const { rows } = await client.query("select count(*)::int as revisions from memory_revision");
    return rows[0].revisions;
  };
}
