import type { Candidate } from "../search.ts";

/** Answers how much a lexeme tells the candidates of one search apart, above 0 to 1. */
export type Rarity = (lexeme: string) => number;

/** Candidates that lack every lexeme are counted in, so that few candidates do not make a word look common. */
const MORE = 8;

/**
 * The share of the candidates that lack the lexeme, beyond the first that has it. What stands in nearly all of them, as a
 * participant's name does, tells little, however rare it is in ordinary language; and no count beyond the candidates is needed.
 */
export function rarityAmong(candidates: readonly Pick<Candidate, "lexemes">[]): Rarity {
  const having = new Map<string, number>();
  for (const { lexemes } of candidates) {
    for (const lexeme of new Set(lexemes)) having.set(lexeme, (having.get(lexeme) ?? 0) + 1);
  }
  return (lexeme) => 1 - Math.max(0, (having.get(lexeme) ?? 0) - 1) / (candidates.length + MORE);
}
