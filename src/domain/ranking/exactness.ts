import type { Candidate } from "../search.ts";
import { wordsOf } from "./words-of.ts";

/**
 * How much of what is looked for letter by letter a candidate has: the share of the query's identifiers; where it has none, 1 for
 * all words of the query side by side. Null: the query is one plain word. `lexemes`: those of the query that such a text has.
 */
export function exactnessOf(
  query: string,
  identifiers: readonly string[],
  lexemes: readonly string[],
): ((candidate: Pick<Candidate, "lexemes" | "text">) => number) | null {
  const words = wordsOf(query);
  if (identifiers.length > 0) {
    return ({ lexemes: own }) => {
      const has = new Set(own);
      return identifiers.filter((one) => has.has(one)).length / identifiers.length;
    };
  }
  if (words.length < 2) return null;
  const phrase = ` ${words.join(" ")} `;
  return (candidate) => {
    // Most candidates lack some word, which spares taking their texts apart.
    const has = new Set(candidate.lexemes);
    if (!lexemes.every((one) => has.has(one))) return 0;
    return ` ${wordsOf(candidate.text).join(" ")} `.includes(phrase) ? 1 : 0;
  };
}
