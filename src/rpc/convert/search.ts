import { create } from "@bufbuild/protobuf";
import { durationMs } from "@bufbuild/protobuf/wkt";
import {
  SearchMode as SearchModePb,
  type SearchRanking,
  type SearchRequest,
  type SearchResponse,
  SearchResponseSchema,
} from "../../../gen/server/cairn/v1/memory_service_pb.ts";
import { DEFAULT_TERMS, type RankingTerms } from "../../domain/ranking/ranking-terms.ts";
import type { RankedResult, SearchMode, SearchSummary, Signals } from "../../domain/search.ts";
import type { SearchPart } from "../../usecases/search/search.ts";
import type { SearchInput } from "../../usecases/search/search-input.ts";
import { fromFilter } from "./filter.ts";
import { toMemory } from "./memory.ts";
import { toDuration, toTimestamp } from "./time.ts";

const MODE: Record<SearchModePb, SearchMode> = {
  [SearchModePb.UNSPECIFIED]: "hybrid",
  [SearchModePb.HYBRID]: "hybrid",
  [SearchModePb.SEMANTIC]: "semantic",
  [SearchModePb.LEXICAL]: "lexical",
};

const DEFAULT_LIMIT = 10;
/** Of recency, where a half-life is all that is said of it. */
const ASKED_RECENCY_WEIGHT = 0.2;

/** What a search says, of whichever request says it. */
export type SearchFields = Omit<SearchRequest, "$typeName" | "$unknown">;

export function fromSearch(request: SearchFields): SearchInput {
  return {
    query: request.query,
    mode: MODE[request.mode]!, // Validation has refused every other number.
    filter: fromFilter(request.filter),
    limit: request.limit ?? DEFAULT_LIMIT,
    minScore: request.minScore ?? null,
    minSimilarity: request.minSimilarity ?? null,
    lexicalPassesSimilarity: request.lexicalPassesSimilarity,
    rerank: request.rerank ?? true,
    terms: fromRanking(request.ranking),
    collapseDuplicates: request.collapseDuplicates,
    diversity: request.diversity ?? 0,
  };
}

function fromRanking(ranking: SearchRanking | undefined): RankingTerms {
  if (ranking === undefined) return DEFAULT_TERMS;
  const halfLife = ranking.recencyHalfLife;
  return {
    previous: ranking.previousWeight ?? DEFAULT_TERMS.previous,
    participant: ranking.participantWeight ?? DEFAULT_TERMS.participant,
    source: ranking.sourceWeight ?? DEFAULT_TERMS.source,
    question: ranking.questionPenalty ?? DEFAULT_TERMS.question,
    recency: ranking.recencyWeight ?? (halfLife === undefined ? DEFAULT_TERMS.recency : ASKED_RECENCY_WEIGHT),
    recencyHalfLifeMs: halfLife === undefined ? DEFAULT_TERMS.recencyHalfLifeMs : durationMs(halfLife),
    confidence: ranking.confidenceWeight ?? DEFAULT_TERMS.confidence,
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
  const duplicateMemoryIds = [...result.duplicateIds];
  return { rank, score, signals: toSignals(signals), memory: toMemory(result.memory), duplicateMemoryIds };
}

/** A signal that did not take part is unset. */
function toSignals(signals: Signals): Partial<Record<keyof Signals, number>> {
  return Object.fromEntries(Object.entries(signals).filter(([, value]) => value !== null));
}

export function toSummary(summary: SearchSummary) {
  const { count, truncated, degraded, skipped, generation } = summary;
  return {
    ...{ count, truncated, degraded, skipped, generation },
    embedDuration: toDuration(summary.embedMs),
    candidatesDuration: toDuration(summary.candidatesMs),
    rankDuration: toDuration(summary.rankMs),
    fetchDuration: toDuration(summary.fetchMs),
    readTime: toTimestamp(summary.readTime),
    waitDuration: toDuration(summary.waitMs),
  };
}
