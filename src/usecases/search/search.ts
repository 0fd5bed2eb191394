import { accessOf } from "../../domain/access.ts";
import type { Caller } from "../../domain/caller.ts";
import type { Memory, MemoryFilter } from "../../domain/memory.ts";
import { checkMetadata } from "../../domain/metadata.ts";
import { type ArrangedCandidate, arrange } from "../../domain/ranking/arrange.ts";
import { floorsMayHideMore, rank } from "../../domain/ranking/rank.ts";
import type { RankedResult, SearchSummary } from "../../domain/search.ts";
import { type Found, findCandidates } from "./find-candidates.ts";
import { inSlices } from "./in-slices.ts";
import type { SearchDeps, SearchInput } from "./search-input.ts";
import { stopwatch } from "./stopwatch.ts";

export type SearchPart = { readonly result: RankedResult } | { readonly summary: SearchSummary };

const ROWS_A_FETCH = 10;
const MAX_FILTER_BYTES = 4096;

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
  const waitedBefore = deps.searches.waitedMs(signal);
  const found = await findCandidates(deps, caller, input, signal);
  const watch = stopwatch(deps.clock);
  const { arranged, dropped } = await inSlices(rankFound(deps, input, found), signal);
  const rankMs = watch();
  const sent = yield* results(deps, caller, input, arranged, signal);
  const poolWasFull = found.candidates.length >= found.perRetriever;
  const mayHideMore =
    sent.skipped > 0 || (dropped && floorsMayHideMore(input, found.terms)) || input.collapseDuplicates === true;
  const { degraded, generation, embedMs, candidatesMs, readTime } = found;
  yield {
    summary: {
      ...sent,
      truncated: sent.count < input.limit && (found.truncated || (poolWasFull && mayHideMore)),
      ...{ degraded, generation, embedMs, candidatesMs, rankMs, readTime },
      waitMs: deps.searches.waitedMs(signal) - waitedBefore,
    },
  };
}

function* rankFound(deps: SearchDeps, input: SearchInput, found: Found) {
  const tokens = deps.tokens ?? null;
  const { query: text, similar, terms } = found;
  const ranked = yield* rank(found, input, { text, similar, terms, tokens, rerank: input.rerank ?? true });
  const { collapseDuplicates = false, diversity = 0 } = input;
  return {
    arranged: yield* arrange(ranked, { collapseDuplicates, diversity, pool: found.perRetriever }, tokens),
    dropped: ranked.length < found.candidates.length,
  };
}

async function* results(
  deps: SearchDeps,
  caller: Caller,
  input: SearchInput,
  ranked: readonly ArrangedCandidate[],
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
    for (const { id, score, signals, duplicateIds } of batch) {
      const memory = rows.get(id);
      if (memory === undefined) {
        skipped++;
        continue;
      }
      count++;
      yield { result: { rank: count, score, signals, memory, duplicateIds } };
      signal.throwIfAborted();
    }
  }
  return { count, skipped, fetchMs };
}

async function fetchLive(
  deps: SearchDeps,
  caller: Caller,
  filter: MemoryFilter,
  batch: readonly ArrangedCandidate[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Memory>> {
  const ids = batch.map((one) => one.id);
  const rows = await deps.memories.getLive(accessOf(caller), ids, filter, signal);
  return new Map(rows.map((row) => [row.id, row]));
}
