import type { TokenModel } from "../ports/token-model.ts";
import { wordsOf } from "./words-of.ts";

/** The words of a text, each once, with its weight. */
export type WordBag = ReadonlyMap<string, number>;

export function wordBagOf(text: string, tokens: Pick<TokenModel, "weightOf"> | null): WordBag {
  return new Map(wordsOf(text).map((word) => [word, tokens?.weightOf(word) ?? 1]));
}

/** How much two texts say the same, 0 to 1: the weight of the words that both have, by that of all (weighted Jaccard). */
export function resemblance(a: WordBag, b: WordBag): number {
  let shared = 0;
  let all = 0;
  for (const [word, weight] of a) {
    all += weight;
    if (b.has(word)) shared += weight;
  }
  for (const [word, weight] of b) if (!a.has(word)) all += weight;
  return all === 0 ? 0 : shared / all;
}
