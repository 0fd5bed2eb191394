import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  GetMemoryRequestSchema,
  GetMemoryResponseSchema,
  MemoryService,
  WriteMemoryRequestSchema,
  WriteMemoryResponseSchema,
} from "../../gen/server/cairn/v1/memory_service_pb.ts";
import type { Storage } from "../../src/storage/storage.ts";
import { type Bench, ROOT_KEY, withBench } from "../bench-server.ts";
import type { BareServerJob } from "../load/bare-grpc-server.ts";
import { frame, unframe } from "../load/grpc-frame.ts";
import type { GrpcJob, GrpcResult } from "../load/grpc-load.ts";
import type { SqlJob, SqlResult } from "../load/sql-load.ts";
import { Worker } from "../load/worker.ts";
import { cpuSeconds } from "../process-usage.ts";
import { figure, type Measurement, median, type Row, type Scale } from "../row.ts";
import { type RecordedTransaction, recordTransactions } from "../sql/record-transactions.ts";

const FLOOR = 1.5;
const SERVICE = `/${MemoryService.typeName}`;
const EXAMPLE = {
  ...{ kind: "preference", key: "channel", subjectType: "contact", subjectId: "c-1042" },
  content: "Sarah prefers email to the phone, mornings best, and wants the ROI calculator before the next call.",
  ...{ tags: ["channel:email", "stage:proposal"], metadata: { deal: "Acme", value: 48_000, stage: "proposal" } },
  linkedEntities: [{ type: "opportunity", id: "o-77" }],
};

export const getById: Row = {
  name: "get-by-id",
  claim: "get by id over gRPC: server CPU a request, against a bare grpc-js server that answers the same message",
  measure: (scale) =>
    withBench(async (bench) => {
      const server = await bench.serve();
      const grpc = new Worker<GrpcJob, GrpcResult>(new URL("../load/grpc-load.ts", import.meta.url));
      const peer = new Worker<BareServerJob, string>(new URL("../load/bare-grpc-server.ts", import.meta.url));
      const sql = new Worker<SqlJob, SqlResult>(new URL("../load/sql-load.ts", import.meta.url));
      try {
        const id = await writeExample(grpc, server.url);
        const request = frame(toBinary(GetMemoryRequestSchema, create(GetMemoryRequestSchema, { memoryId: id })));
        const job = { ...CALLS, url: server.url, path: `${SERVICE}/GetMemory`, frames: [request] };
        const response = await only(grpc, job);
        const stored = fromBinary(GetMemoryResponseSchema, response).memory;
        if (stored?.content !== EXAMPLE.content) throw new Error("the server answered another memory");
        const peerUrl = await peer.run({ response });
        const peerResponse = await only(grpc, { ...job, url: peerUrl });
        if (!Buffer.from(peerResponse).equals(response)) throw new Error("the two servers answer differently");
        const transactions = await recordGet(bench, stored.workspaceId, id);
        return await compare(scale, {
          server: (count) => cpuPerCall(server.pid, count, () => grpc.run({ ...job, count })),
          peer: (count) => cpuPerCall(peer.pid, count, () => grpc.run({ ...job, url: peerUrl, count })),
          driver: (count) => cpuPerCall(sql.pid, count, () => sql.run(driverJob(bench, transactions, count))),
        });
      } finally {
        await Promise.all([grpc.close(), peer.close(), sql.close()]);
      }
    }),
};

/** Microseconds of CPU a call, for so many calls. */
type Cost = (count: number) => Promise<number>;

async function compare(
  scale: Scale,
  costs: { server: Cost; peer: Cost; driver: Cost },
): Promise<readonly Measurement[]> {
  const [turns, count] = scale.smoke ? [1, 3000] : [3, 10_000];
  const took = { server: [] as number[], peer: [] as number[], driver: [] as number[] };
  for (const cost of [costs.server, costs.peer, costs.driver]) await cost(count);
  for (let turn = 0; turn < turns; turn++) {
    took.server.push(await costs.server(count));
    took.peer.push(await costs.peer(count));
    took.driver.push(await costs.driver(count));
  }
  const [server, peer, driver] = [median(took.server), median(took.peer), median(took.driver)];
  return [
    line("get by id, server CPU, against bare grpc-js", server, peer, FLOOR),
    line("  of which beside bare pg sending the same SQL", server - driver, peer, null),
    line("  bare pg sending the same SQL alone", driver, peer, null),
  ];
}

function line(row: string, measured: number, baseline: number, floor: number | null): Measurement {
  const ratio = measured / baseline;
  return {
    ...{ row, measured: `${figure(measured)} µs`, baseline: `${figure(baseline)} µs`, ratio: figure(ratio, 2) },
    floor: floor === null ? "" : `≤ ${floor}`,
    held: floor === null ? null : ratio <= floor,
  };
}

/** 4 connections of 16 calls each. */
const CALLS = {
  ...{ authorization: `Bearer ${ROOT_KEY}`, from: 0, count: null, seconds: null },
  ...{ connections: 4, inFlight: 64, keepBodies: false },
};

async function cpuPerCall(pid: number, count: number, run: () => Promise<{ calls: number }>): Promise<number> {
  const before = cpuSeconds(pid);
  const { calls } = await run();
  if (calls !== count) throw new Error(`${calls} of ${count} calls were made`);
  return ((cpuSeconds(pid) - before) * 1e6) / count;
}

/** The message of the one answer to one call. */
async function only(grpc: Worker<GrpcJob, GrpcResult>, job: GrpcJob): Promise<Uint8Array> {
  const { bodies } = await grpc.run({ ...job, count: 1, connections: 1, inFlight: 1, keepBodies: true });
  const [message] = unframe(bodies[0] as Uint8Array);
  if (message === undefined) throw new Error("an answer without a message");
  return message;
}

async function writeExample(grpc: Worker<GrpcJob, GrpcResult>, url: string): Promise<string> {
  const request = toBinary(WriteMemoryRequestSchema, create(WriteMemoryRequestSchema, { memory: EXAMPLE }));
  const answer = await only(grpc, { ...CALLS, url, path: `${SERVICE}/WriteMemory`, frames: [frame(request)] });
  return fromBinary(WriteMemoryResponseSchema, answer).memory?.id as string;
}

async function recordGet(bench: Bench, workspaceId: string, id: string): Promise<readonly RecordedTransaction[]> {
  const storage: Storage = await bench.storage();
  const recorder = recordTransactions(storage.session);
  const found = await storage.memories.get(
    { workspaceId, agentId: null, volumeId: null },
    id,
    { showDeleted: false, showExpired: false },
    new AbortController().signal,
  );
  if (found === null) throw new Error("the storage module does not find the memory");
  return recorder.take();
}

function driverJob(bench: Bench, transactions: readonly RecordedTransaction[], count: number): SqlJob {
  return { databaseUrl: bench.databaseUrl, transactions, from: 0, count, seconds: null, connections: 20 };
}
