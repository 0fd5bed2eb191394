import type { TokenModel } from "../ports/token-model.ts";
import { resemblance, wordBagOf } from "./resemblance.ts";

interface Scored {
  readonly score: number;
  readonly text: string;
}

/**
 * Reorders by maximal marginal relevance: next comes what has the most of (1 − diversity) · score, as a share of the best score,
 * less diversity · the resemblance to the most similar text before it. The first `pool` take part; the rest follow unchanged.
 */
export function diversify<T extends Scored>(
  ranked: readonly T[],
  diversity: number,
  pool: number,
  tokens: Pick<TokenModel, "weightOf"> | null,
): readonly T[] {
  const top = Math.max(ranked[0]?.score ?? 0, Number.MIN_VALUE);
  const left = ranked.slice(0, pool).map((one) => ({
    one,
    bag: wordBagOf(one.text, tokens),
    relevance: Math.max(0, one.score) / top,
    closest: 0,
  }));
  const chosen: T[] = [];
  while (left.length > 0) {
    const worth = left.map((each) => (1 - diversity) * each.relevance - diversity * each.closest);
    const [next] = left.splice(worth.indexOf(Math.max(...worth)), 1);
    chosen.push(next!.one);
    for (const each of left) each.closest = Math.max(each.closest, resemblance(each.bag, next!.bag));
  }
  return [...chosen, ...ranked.slice(pool)];
}
