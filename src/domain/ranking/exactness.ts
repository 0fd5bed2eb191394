import type { Candidate } from "../search.ts";
import { wordsOf } from "./words-of.ts";

/**
 * How much of what must be found letter by letter a candidate has: 1 where it has the whole query of two words or more word for
 * word, else the share of the query's identifiers. Null: the query is one plain word.
 */
export function exactnessOf(
  query: string,
  identifiers: readonly string[],
): ((candidate: Pick<Candidate, "lexemes" | "text">) => number) | null {
  const words = wordsOf(query);
  const phrase = words.length > 1 ? ` ${words.join(" ")} ` : null;
  if (phrase === null && identifiers.length === 0) return null;
  return ({ lexemes, text }) => {
    const has = new Set(lexemes);
    const share = identifiers.length && identifiers.filter((one) => has.has(one)).length / identifiers.length;
    if (share === 1 || phrase === null) return share;
    return ` ${wordsOf(text).join(" ")} `.includes(phrase) ? 1 : share;
  };
}
