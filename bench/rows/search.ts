import { fromBinary } from "@bufbuild/protobuf";
import { Client } from "pg";
import { SearchMode, type SearchResponse, SearchResponseSchema } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import { builtInEmbedder } from "../../test/embeddings/built-in-embedder.ts";
import { withBench } from "../bench-server.ts";
import { unframe } from "../load/grpc-frame.ts";
import type { GrpcJob, GrpcResult } from "../load/grpc-load.ts";
import type { SqlJob, SqlResult } from "../load/sql-load.ts";
import { Worker } from "../load/worker.ts";
import { figure, type Measurement, median, type Row, type Scale } from "../row.ts";
import { checkAnswers, type Recall } from "../seed/exact-answer.ts";
import { queriesOf, type TenantQueries } from "../seed/queries.ts";
import { seedMemories } from "../seed/seed-memories.ts";
import { tenantsOf } from "../seed/tenants.ts";
import { Writer } from "../seed/words.ts";
import { recordTransactions } from "../sql/record-transactions.ts";
import { recordSearches, searchJob } from "./search-calls.ts";

const FLOORS = { semantic: 2, hybrid: 4 };
const RECALL_FLOOR = 0.98;
export const LIMIT = 10;

interface Workers {
  readonly grpc: Worker<GrpcJob, GrpcResult>;
  readonly sql: Worker<SqlJob, SqlResult>;
  readonly admin: Client;
}

export const search: Row = {
  name: "search",
  claim:
    "search over gRPC against the bare SQL, 1,000 skewed tenants; recall of the exact answer; never fewer than asked",
  measure: (scale) =>
    withBench(async (bench) => {
      const server = await bench.serve();
      const storage = await bench.storage();
      const { model, dimensions } = builtInEmbedder;
      const generation = await storage.embeddingQueue.ensureGeneration(model, dimensions);
      const writer = new Writer(23);
      const memories = scale.million ? 1_000_000 : scale.smoke ? 10_000 : 100_000;
      const tenants = tenantsOf(memories);
      const workers: Workers = {
        grpc: new Worker(new URL("../load/grpc-load.ts", import.meta.url)),
        sql: new Worker(new URL("../load/sql-load.ts", import.meta.url)),
        admin: new Client({ connectionString: bench.databaseUrl }),
      };
      await workers.admin.connect();
      try {
        await seedMemories(workers.admin, tenants, writer, generation);
        const classes = [tenants[0], tenants[1], tenants[3]].filter((tenant) => tenant !== undefined);
        const measurements: Measurement[] = [];
        for (const tenant of classes) {
          const queries = await queriesOf(workers.admin, tenant, writer, scale.smoke ? 20 : 100);
          for (const mode of ["semantic", "hybrid"] as const) {
            const recorder = recordTransactions(storage.session);
            const transactions = await recordSearches(storage, recorder, queries, mode, generation);
            const sqlJob = { databaseUrl: bench.databaseUrl, transactions };
            measurements.push(...(await compare(scale, workers, server.url, sqlJob, queries, mode)));
          }
        }
        return measurements;
      } finally {
        await Promise.all([workers.grpc.close(), workers.sql.close(), workers.admin.end()]);
      }
    }),
};

/** One call at a time, server and bare SQL in turn. */
async function compare(
  scale: Scale,
  { grpc, sql, admin }: Workers,
  url: string,
  sqlJob: Pick<SqlJob, "databaseUrl" | "transactions">,
  queries: TenantQueries,
  mode: "semantic" | "hybrid",
): Promise<readonly Measurement[]> {
  const count = queries.texts.length;
  const job = searchJob(url, queries, mode === "semantic" ? SearchMode.SEMANTIC : SearchMode.HYBRID, LIMIT);
  const overGrpc = () => grpc.run({ ...job, count });
  const bare = () => sql.run({ ...sqlJob, from: 0, count, seconds: null, connections: 1 });
  const first = await overGrpc();
  const recall = await checkAnswers(admin, queries, first.bodies.map(resultsOf), LIMIT);
  await bare();
  const p50 = { grpc: [] as number[], bare: [] as number[] };
  for (let turn = 0; turn < (scale.smoke ? 1 : 3); turn++) {
    p50.grpc.push(median([...(await overGrpc()).latencies]));
    p50.bare.push(median([...(await bare()).latencies]));
  }
  const name = `search ${mode.toUpperCase()}, tenant of ${figure(queries.tenant.memories, 0)}`;
  return [
    latency(name, median(p50.grpc), median(p50.bare), FLOORS[mode]),
    ...(mode === "semantic" ? [recallLine(recall)] : []),
    fullness(recall),
  ];
}

function latency(row: string, measured: number, baseline: number, floor: number): Measurement {
  const more = measured - baseline;
  return {
    ...{ row: `${row}, p50`, measured: `${figure(measured)} ms`, baseline: `${figure(baseline)} ms` },
    ...{ ratio: `+${figure(more, 2)} ms`, floor: `≤ +${floor} ms`, held: more <= floor },
  };
}

function recallLine({ recall }: Recall): Measurement {
  return {
    ...{ row: `  recall@${LIMIT} of the exact answer`, measured: figure(recall, 3), baseline: "", ratio: "" },
    ...{ floor: `≥ ${RECALL_FLOOR}`, held: recall >= RECALL_FLOOR, certain: true },
  };
}

function fullness({ searches, short }: Recall): Measurement {
  return {
    ...{ row: "  searches that found fewer than asked", measured: String(short), baseline: `${searches}`, ratio: "" },
    ...{ floor: "0", held: short === 0, certain: true },
  };
}

function resultsOf(body: Uint8Array): readonly string[] {
  const parts: SearchResponse[] = unframe(body).map((message) => fromBinary(SearchResponseSchema, message));
  if (parts.at(-1)?.part.case !== "summary") throw new Error("a search without its summary");
  return parts.flatMap(({ part }) => (part.case === "result" ? [part.value.memory?.id as string] : []));
}
