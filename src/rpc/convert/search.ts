import { create } from "@bufbuild/protobuf";
import { type Duration, durationFromMs } from "@bufbuild/protobuf/wkt";
import {
  SearchMode as SearchModePb,
  type SearchRequest,
  type SearchResponse,
  SearchResponseSchema,
} from "../../../gen/server/cairn/v1/memory_service_pb.ts";
import type { RankedResult, SearchMode, SearchSummary, Signals } from "../../domain/search.ts";
import type { SearchInput, SearchPart } from "../../usecases/search.ts";
import { fromFilter } from "./filter.ts";
import { toMemory } from "./memory.ts";
import { toTimestamp } from "./time.ts";

const MODE: Record<SearchModePb, SearchMode> = {
  [SearchModePb.UNSPECIFIED]: "hybrid",
  [SearchModePb.HYBRID]: "hybrid",
  [SearchModePb.SEMANTIC]: "semantic",
  [SearchModePb.LEXICAL]: "lexical",
};

const DEFAULT_LIMIT = 10;

export function fromSearch(request: SearchRequest): SearchInput {
  return {
    query: request.query,
    mode: MODE[request.mode]!, // Validation has refused every other number.
    filter: fromFilter(request.filter),
    limit: request.limit ?? DEFAULT_LIMIT,
    minScore: request.minScore ?? null,
    minSimilarity: request.minSimilarity ?? null,
    lexicalPassesSimilarity: request.lexicalPassesSimilarity,
  };
}

export async function* toSearchResponses(parts: AsyncIterable<SearchPart>): AsyncGenerator<SearchResponse> {
  for await (const part of parts) {
    yield create(SearchResponseSchema, {
      part:
        "result" in part
          ? { case: "result", value: toResult(part.result) }
          : { case: "summary", value: toSummary(part.summary) },
    });
  }
}

function toResult(result: RankedResult) {
  const { rank, score, signals } = result;
  return { rank, score, signals: toSignals(signals), memory: toMemory(result.memory) };
}

function toSignals(signals: Signals) {
  return {
    ...(signals.lexical === null ? {} : { lexical: signals.lexical }),
    ...(signals.cosine === null ? {} : { cosine: signals.cosine }),
    ...(signals.lateInteraction === null ? {} : { lateInteraction: signals.lateInteraction }),
  };
}

function toSummary(summary: SearchSummary) {
  const { count, truncated, degraded, skipped, generation } = summary;
  return {
    ...{ count, truncated, degraded, skipped, generation },
    embedDuration: duration(summary.embedMs),
    candidatesDuration: duration(summary.candidatesMs),
    rankDuration: duration(summary.rankMs),
    fetchDuration: duration(summary.fetchMs),
    readTime: toTimestamp(summary.readTime),
  };
}

function duration(ms: number): Duration {
  return durationFromMs(Math.round(ms * 1000) / 1000);
}
