import type { TokenModel } from "../ports/token-model.ts";
import type { Slices } from "../slices.ts";
import { diversify } from "./diversify.ts";
import { collapseDuplicates } from "./near-duplicates.ts";
import type { RankedCandidate } from "./rank.ts";
import { wordSetsOf } from "./word-sets.ts";

/** How a search wants its ranking shown. */
export interface Arrangement {
  readonly collapseDuplicates: boolean;
  /** 0: by score alone, to 1: by difference alone. */
  readonly diversity: number;
  /** How many of the best are shown in another order at most. */
  readonly pool: number;
}

export interface ArrangedCandidate extends RankedCandidate {
  /** What was left out because this one says nearly the same, best first. */
  readonly duplicateIds: readonly string[];
}

/** Collapses near-duplicates, then puts unlike ones next to each other, as far as either is asked for. */
export function* arrange(
  ranked: readonly RankedCandidate[],
  { collapseDuplicates: collapses, diversity, pool }: Arrangement,
  tokens: Pick<TokenModel, "weightOf"> | null,
): Slices<readonly ArrangedCandidate[]> {
  if (!collapses && diversity === 0) return ranked.map((one) => ({ ...one, duplicateIds: [] }));
  const compared = collapses ? ranked : ranked.slice(0, pool);
  const texts = yield* wordSetsOf(
    compared.map((one) => one.text),
    tokens,
  );
  const groups = collapses ? yield* collapseDuplicates(texts) : ranked.map((_, kept) => ({ kept, duplicates: [] }));
  const shown = groups.map(({ kept, duplicates }) => ({
    ...ranked[kept]!,
    duplicateIds: duplicates.map((at) => ranked[at]!.id),
    at: kept,
  }));
  const ordered =
    diversity === 0 ? shown : yield* diversify(shown, diversity, pool, (one) => texts.sets[one.at]!, texts.weights);
  return ordered.map(({ at: _, ...one }) => one);
}
