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
  const parts = counting.map(({ lexeme, word }) => ({
    weight: (tokens?.weightOf(word) ?? 1) * rarity(lexeme),
    likes: new Map([[lexeme, 1], ...similar.filter((one) => one.like === lexeme).map(shareOf)]),
  }));
  const total = parts.reduce((sum, part) => sum + part.weight, 0);
  if (total <= 0) return null;
  return (lexemes) => {
    let covered = 0;
    for (const { weight, likes } of parts) {
      let best = 0;
      for (const lexeme of lexemes) best = Math.max(best, likes.get(lexeme) ?? 0);
      covered += weight * best;
    }
    return covered / total;
  };
}

function shareOf({ lexeme, similarity }: SimilarLexeme): [string, number] {
  return [lexeme, similarity];
}
