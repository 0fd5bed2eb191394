import type { Candidate, QueryWord } from "../search.ts";

const LEAST_LETTERS = 4;
const VOWELS = [..."aeiou"];
/** Letters that are taken for each other at the beginning of a word. */
const ALIKE: Readonly<Record<string, string>> = {
  ...{ a: "e", c: "ks", e: "ai", f: "pv", g: "j", i: "ye", j: "gy", k: "cq", m: "n", n: "m", o: "u", p: "f" },
  ...{ q: "k", s: "cz", u: "o", v: "wf", w: "v", x: "z", y: "ij", z: "sx" },
};

/** Words of the query that none of the candidates has, and that are long enough to be told from others by their spelling. */
export function unmatchedWords(
  words: readonly QueryWord[],
  candidates: readonly Pick<Candidate, "lexemes">[],
): readonly QueryWord[] {
  const matched = new Set(candidates.flatMap((candidate) => candidate.lexemes));
  return words.filter(
    ({ lexeme, compound }) =>
      !compound && !matched.has(lexeme) && lexeme.length >= LEAST_LETTERS && /^\p{L}+$/u.test(lexeme),
  );
}

/**
 * How a word may begin that was misspelt so: as it does, with its first two letters exchanged, another vowel in second place or
 * one left out there, or a first letter that sounds alike.
 */
export function likelyBeginnings(word: string): readonly string[] {
  const [first, second, third] = [...word] as [string, string, string];
  const vowels = VOWELS.filter((vowel) => vowel !== second);
  const others = VOWELS.includes(second)
    ? vowels.map((vowel) => first + vowel + third)
    : vowels.map((vowel) => first + vowel + second);
  const alike = [...(ALIKE[first] ?? "")].map((letter) => letter + second + third);
  return [first + second, second + first + third, ...others, ...alike];
}
