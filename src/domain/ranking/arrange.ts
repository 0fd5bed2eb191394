import type { TokenModel } from "../ports/token-model.ts";
import { diversify } from "./diversify.ts";
import { collapseDuplicates } from "./near-duplicates.ts";
import type { RankedCandidate } from "./rank.ts";

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
export function arrange(
  ranked: readonly RankedCandidate[],
  { collapseDuplicates: collapses, diversity, pool }: Arrangement,
  tokens: Pick<TokenModel, "weightOf"> | null,
): readonly ArrangedCandidate[] {
  const groups = collapses
    ? collapseDuplicates(ranked, tokens).map(({ kept, duplicateIds }) => ({ ...kept, duplicateIds }))
    : ranked.map((one) => ({ ...one, duplicateIds: [] }));
  return diversity === 0 ? groups : diversify(groups, diversity, pool, tokens);
}
