import { accessOf } from "../domain/access.ts";
import type { Caller } from "../domain/caller.ts";
import { DomainError } from "../domain/failure.ts";
import type { Memory, MemoryFilter } from "../domain/memory.ts";
import { checkMetadata } from "../domain/metadata.ts";
import type { Clock } from "../domain/ports/clock.ts";
import type { MemoryStore } from "../domain/ports/memory-store.ts";
import type { SearchStore } from "../domain/ports/search-store.ts";
import { floorsMayHideMore, type RankedCandidate, type RankingRules, rank } from "../domain/ranking.ts";
import type { RankedResult, SearchSummary } from "../domain/search.ts";
import type { ActiveEmbedding } from "./active-embedding.ts";
import { embedWithin } from "./embed-within.ts";

export interface SearchDeps {
  readonly searches: SearchStore;
  readonly memories: Pick<MemoryStore, "getLive">;
  /** Null: there is no provider, and words alone rank. */
  readonly embedding: ActiveEmbedding | null;
  readonly clock: Clock;
  /** How long a remote provider may take for the query. Default 2 seconds. */
  readonly queryBudgetMs?: number;
}

export interface SearchInput extends RankingRules {
  readonly query: string;
  readonly filter: MemoryFilter;
  /** Results at most, 1 to 100. */
  readonly limit: number;
}

export type SearchPart = { readonly result: RankedResult } | { readonly summary: SearchSummary };

const DEFAULT_QUERY_BUDGET_MS = 2000;
const LEAST_PER_LEG = 50;
const ROWS_A_FETCH = 10;
const MAX_FILTER_BYTES = 4096;

/** The query's vector; null: none was wanted, or the query has none. */
interface QueryVector {
  readonly vector: Float32Array | null;
  readonly degraded: boolean;
  readonly generation: string;
}

/**
 * Yields the best memories in rank order, then one summary. No connection is held between two yields: rows are fetched as the
 * consumer pulls, and one that is no longer live, visible or within the filter is skipped, counted and replaced by the next.
 * Throws EMBEDDER_UNAVAILABLE in mode SEMANTIC where the query cannot be embedded.
 */
export async function* search(
  deps: SearchDeps,
  caller: Caller,
  input: SearchInput,
  signal: AbortSignal,
): AsyncGenerator<SearchPart, void, undefined> {
  if (input.filter.metadata) {
    checkMetadata("filter.metadata", input.filter.metadata, MAX_FILTER_BYTES);
  }
  const watch = stopwatch(deps.clock);
  const query = await embedQuery(deps, input, signal);
  const embedMs = watch();
  const perLeg = Math.max(LEAST_PER_LEG, 2 * input.limit);
  const found = await deps.searches.candidates(accessOf(caller), commandOf(deps, caller, input, query, perLeg), signal);
  const candidatesMs = watch();
  const ranked = rank(found, input);
  const rankMs = watch();
  const sent = yield* results(deps, caller, input, ranked, signal);
  const poolWasFull = found.candidates.length >= perLeg;
  const mayHideMore = sent.skipped > 0 || (ranked.length < found.candidates.length && floorsMayHideMore(input));
  yield {
    summary: {
      ...sent,
      truncated: sent.count < input.limit && (found.truncated || (poolWasFull && mayHideMore)),
      degraded: query.degraded,
      generation: query.generation,
      embedMs,
      candidatesMs,
      rankMs,
      readTime: found.readTime,
    },
  };
}

async function* results(
  deps: SearchDeps,
  caller: Caller,
  input: SearchInput,
  ranked: readonly RankedCandidate[],
  signal: AbortSignal,
): AsyncGenerator<SearchPart, { count: number; skipped: number; fetchMs: number }, undefined> {
  let count = 0;
  let skipped = 0;
  let fetchMs = 0;
  let at = 0;
  while (count < input.limit && at < ranked.length) {
    const batch = ranked.slice(at, at + Math.min(ROWS_A_FETCH, input.limit - count));
    at += batch.length;
    const watch = stopwatch(deps.clock);
    const rows = await fetchLive(deps, caller, input.filter, batch, signal);
    fetchMs += watch();
    for (const { id, score, signals } of batch) {
      const memory = rows.get(id);
      if (memory === undefined) {
        skipped++;
        continue;
      }
      count++;
      yield { result: { rank: count, score, signals, memory } };
      signal.throwIfAborted();
    }
  }
  return { count, skipped, fetchMs };
}

async function fetchLive(
  deps: SearchDeps,
  caller: Caller,
  filter: MemoryFilter,
  batch: readonly RankedCandidate[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Memory>> {
  const ids = batch.map((one) => one.id);
  const rows = await deps.memories.getLive(accessOf(caller), ids, filter, signal);
  return new Map(rows.map((row) => [row.id, row]));
}

function commandOf(deps: SearchDeps, caller: Caller, input: SearchInput, query: QueryVector, perLeg: number) {
  const generation = deps.embedding?.generation;
  const vector = query.vector === null || generation === undefined ? null : { generation, values: query.vector };
  return {
    text: wantsWords(input) ? input.query : null,
    language: caller.language,
    vector,
    filter: input.filter,
    perLeg,
  };
}

async function embedQuery(deps: SearchDeps, input: SearchInput, signal: AbortSignal): Promise<QueryVector> {
  const none = { vector: null, degraded: false, generation: "" };
  if (!wantsVector(input)) return none;
  if (deps.embedding === null) {
    if (input.mode !== "semantic") return none;
    const problem = "none is configured";
    throw new DomainError("EMBEDDER_UNAVAILABLE", `embedding provider: ${problem}`, { problem });
  }
  const { embedder } = deps.embedding;
  try {
    const budgetMs = deps.queryBudgetMs ?? DEFAULT_QUERY_BUDGET_MS;
    const [vector] = await embedWithin(embedder, [input.query], budgetMs, signal);
    return { vector: vector ?? null, degraded: false, generation: embedder.model };
  } catch (error) {
    const isDown = error instanceof DomainError && error.reason === "EMBEDDER_UNAVAILABLE";
    if (!isDown || input.mode === "semantic") throw error;
    return { ...none, degraded: true };
  }
}

/** SEMANTIC needs words only to let them pass its floor. */
function wantsWords(input: SearchInput): boolean {
  return input.mode !== "semantic" || (input.minSimilarity !== null && input.lexicalPassesSimilarity);
}

/** LEXICAL needs a vector only for a floor on similarity that words do not pass. */
function wantsVector(input: SearchInput): boolean {
  return input.mode !== "lexical" || (input.minSimilarity !== null && !input.lexicalPassesSimilarity);
}

/** Milliseconds since it was last asked. */
function stopwatch(clock: Clock): () => number {
  let last = clock.now();
  return () => {
    const now = clock.now();
    const elapsed = Math.max(0, now - last);
    last = now;
    return elapsed;
  };
}
