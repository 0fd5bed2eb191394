import type { TokenModel } from "../ports/token-model.ts";
import type { QueryWord, SimilarLexeme } from "../search.ts";
import type { Rarity } from "./rarity.ts";

/** Answers what share of the query a text with these lexemes covers, 0 to 1. */
export type Coverage = (lexemes: readonly string[]) => number;

/**
 * Weighs each word of the query by how much it tells in ordinary language, not in the collection, so that the same texts score
 * the same in every workspace and on both engines. A lexeme that is only spelt like the query's counts by its similarity.
 * Without a model each word weighs the same. Null: the query has no word.
 */
export function coverageOf(
  words: readonly QueryWord[],
  similar: readonly SimilarLexeme[],
  tokens: Pick<TokenModel, "weightOf"> | null,
  rarity: Rarity = () => 1,
): Coverage | null {
  const counting = words.some((word) => !word.compound) ? words.filter((word) => !word.compound) : words;
  if (counting.length === 0) return null;
  const weights = counting.map(({ lexeme, word }) => (tokens?.weightOf(word) ?? 1) * rarity(lexeme));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total <= 0) return null;
  const reached = reachedBy(counting, similar);
  return (lexemes) => {
    const shares = new Float64Array(weights.length);
    for (const lexeme of lexemes) {
      for (const { at, share } of reached.get(lexeme) ?? []) shares[at] = Math.max(shares[at]!, share);
    }
    return weights.reduce((covered, weight, at) => covered + weight * shares[at]!, 0) / total;
  };
}

interface Reached {
  /** Place of the word among those of the query. */
  readonly at: number;
  /** 0 to 1: the word itself. */
  readonly share: number;
}

/** For each lexeme that a text may have, which of the words it covers, and how far: a long query is asked of many texts. */
function reachedBy(
  words: readonly QueryWord[],
  similar: readonly SimilarLexeme[],
): ReadonlyMap<string, readonly Reached[]> {
  const reached = new Map<string, Reached[]>();
  const add = (lexeme: string, one: Reached): void => {
    const known = reached.get(lexeme);
    if (known === undefined) reached.set(lexeme, [one]);
    else known.push(one);
  };
  words.forEach(({ lexeme }, at) => {
    add(lexeme, { at, share: 1 });
    for (const { like, lexeme: other, similarity } of similar)
      if (like === lexeme) add(other, { at, share: similarity });
  });
  return reached;
}
