import type { Candidate, QueryWord, SimilarLexeme } from "../search.ts";
import { spellingDistance } from "./spelling-distance.ts";

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
      !compound && !matched.has(lexeme) && [...lexeme].length >= LEAST_LETTERS && /^\p{L}+$/u.test(lexeme),
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

/** Lexemes that may be meant by a word so long are one slip away from it; by a longer word, two, and three from this length on. */
const SLIPS = [5, 9];
const MOST_SPELLINGS = 3;

/** Likeness from which on a spelling takes the place of what was typed. */
const SURELY_MEANT = 0.7;

/** The query with each misspelt word as it was most likely meant; where nothing is likely enough, as it is. */
export function corrected(query: string, words: readonly QueryWord[], similar: readonly SimilarLexeme[]): string {
  let text = query;
  for (const { lexeme, word } of words) {
    const best = similar.find((one) => one.like === lexeme && one.similarity >= SURELY_MEANT);
    if (best) text = text.replaceAll(wholeWord(word), () => best.lexeme);
  }
  return text;
}

/** Where it is no part of a longer word. */
function wholeWord(word: string): RegExp {
  const escaped = word.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, "gu");
}

/** Of lexemes that share trigrams with misspelt ones those that are a few slips away, at most three each, the closest first. */
export function likelySpellings(similar: readonly SimilarLexeme[]): readonly SimilarLexeme[] {
  const near = similar.flatMap((one) => {
    const length = [...one.like].length;
    const allowed = 1 + SLIPS.filter((from) => length > from).length;
    const distance = spellingDistance(one.lexeme, one.like, allowed);
    return distance > allowed ? [] : [{ ...one, similarity: Math.max(one.similarity, 1 - distance / length) }];
  });
  const best = near.sort((a, b) => b.similarity - a.similarity || (a.lexeme < b.lexeme ? -1 : 1));
  const counts = new Map<string, number>();
  return best.filter(({ like }) => {
    const count = counts.get(like) ?? 0;
    counts.set(like, count + 1);
    return count < MOST_SPELLINGS;
  });
}
