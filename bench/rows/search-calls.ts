import { create, toBinary } from "@bufbuild/protobuf";
import { MemoryService, type SearchMode, SearchRequestSchema } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import type { Storage } from "../../src/storage/storage.ts";
import { frame } from "../load/grpc-frame.ts";
import type { GrpcJob } from "../load/grpc-load.ts";
import type { TenantQueries } from "../seed/queries.ts";
import type { RecordedTransaction, recordTransactions } from "../sql/record-transactions.ts";

/** What the use case asks of the store for ten results. */
const PER_LEG = 50;

/** Searches one after another over one connection. */
export function searchJob(url: string, queries: TenantQueries, mode: SearchMode, limit: number): GrpcJob {
  const requests = queries.texts.map((query) => create(SearchRequestSchema, { query, mode, limit }));
  return {
    ...{ url, path: `/${MemoryService.typeName}/Search`, authorization: `Bearer ${queries.tenant.secret}` },
    frames: requests.map((request) => frame(toBinary(SearchRequestSchema, request))),
    ...{ from: 0, count: null, seconds: null, connections: 1, inFlight: 1, keepBodies: true },
  };
}

/** The statements of the candidates of each query: the bare SQL that a search cannot do without. */
export async function recordSearches(
  storage: Storage,
  recorder: ReturnType<typeof recordTransactions>,
  queries: TenantQueries,
  mode: "semantic" | "hybrid",
  generation: number,
): Promise<readonly RecordedTransaction[]> {
  const access = { workspaceId: queries.tenant.workspaceId, agentId: null, volumeId: null };
  const merged: RecordedTransaction[] = [];
  for (const [at, text] of queries.texts.entries()) {
    const vector = { generation, values: queries.vectors[at] as Float32Array };
    const command = {
      text: mode === "hybrid" ? text : null,
      language: "english",
      vector,
      filter: {},
      perRetriever: PER_LEG,
    };
    await storage.searches.candidates(access, command, new AbortController().signal);
    merged.push(...recorder.take());
  }
  return merged;
}
