import type { Slices } from "../slices.ts";
import type { WordSet } from "./word-sets.ts";

const WORDS_A_SLICE = 1_000_000;

/**
 * Reorders by maximal marginal relevance: next comes what has the most of (1 − diversity) · score, as a share of the best score,
 * less diversity · the resemblance to the most similar text before it. The first `pool` take part; the rest follow unchanged.
 */
export function* diversify<T extends { readonly score: number }>(
  ranked: readonly T[],
  diversity: number,
  pool: number,
  wordsOf: (one: T) => WordSet,
  weights: Float64Array,
): Slices<readonly T[]> {
  const top = Math.max(ranked[0]?.score ?? 0, Number.MIN_VALUE);
  const left = ranked.slice(0, pool).map((one) => {
    return { one, words: wordsOf(one), relevance: Math.max(0, one.score) / top, closest: 0 };
  });
  const chosen: T[] = [];
  const inNext = new Uint8Array(weights.length);
  let looked = 0;
  while (left.length > 0) {
    const worth = left.map((each) => (1 - diversity) * each.relevance - diversity * each.closest);
    const [next] = left.splice(worth.indexOf(Math.max(...worth)), 1);
    const { words } = next!;
    chosen.push(next!.one);
    for (const word of words.words) inNext[word] = 1;
    for (const each of left) {
      each.closest = Math.max(each.closest, resemblance(each.words, words, inNext, weights));
      looked += each.words.words.length;
    }
    for (const word of words.words) inNext[word] = 0;
    if (looked < WORDS_A_SLICE) continue;
    looked = 0;
    yield;
  }
  return [...chosen, ...ranked.slice(pool)];
}

/** How much two texts say the same, 0 to 1: the weight of the words that both have, by that of all (weighted Jaccard). */
function resemblance(a: WordSet, b: WordSet, inB: Uint8Array, weights: Float64Array): number {
  let shared = 0;
  const { words } = a;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (inB[word] === 1) shared += weights[word]!;
  }
  const all = a.weight + b.weight - shared;
  return all === 0 ? 0 : shared / all;
}
