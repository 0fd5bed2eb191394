import type { Slices } from "../slices.ts";
import type { WordSet, WordSets } from "./word-sets.ts";

/** Words in common, by weight, of texts that count as saying the same (weighted Jaccard). */
const NEARLY_THE_SAME = 0.8;
/** What such texts have apart from each other at most, as a share of the weights of both. */
const MOST_APART = (1 - NEARLY_THE_SAME) / (1 + NEARLY_THE_SAME);
/** Sums of the same weights in another order differ by less. */
const ROUNDING = 1e-9;
/** Words that turn a statement over, in whose company nothing else need differ. */
const TURNS = new Set(["not", "no", "never", "nor", "without", "longer", "t", "cannot", "stopped", "instead"]);
const WORDS_A_SLICE = 400_000;

/** A text that is kept, and those that say nearly the same, by their places. */
export interface Group {
  readonly kept: number;
  readonly duplicates: readonly number[];
}

/**
 * Keeps the first of texts that say nearly the same, in order, with the others. Texts with different numbers, or a negation on one
 * side alone, never count as the same, however much else they share.
 */
export function* collapseDuplicates({ sets, weights, words }: WordSets): Slices<readonly Group[]> {
  const groups: { kept: number; duplicates: number[] }[] = [];
  // Only what is held by the same of the words that must not differ is compared.
  const rivals = new Map<string, typeof groups>();
  let looked = 0;
  for (const [at, set] of sets.entries()) {
    looked += set.words.length;
    const held = set.words.filter((word) => !mayDiffer(words[word]!)).join();
    const known = rivals.get(held) ?? [];
    const twin = known.find(({ kept }) => {
      const both = apart(sets[kept]!, set, weights);
      looked += both.looked;
      return both.isNear;
    });
    if (twin) twin.duplicates.push(at);
    else {
      const group = { kept: at, duplicates: [] };
      groups.push(group);
      rivals.set(held, [...known, group]);
    }
    if (looked < WORDS_A_SLICE) continue;
    looked = 0;
    yield;
  }
  return groups;
}

/** Whether two texts say nearly the same, and how many words were looked at: rare ones come first, so few where they do not. */
function apart(a: WordSet, b: WordSet, weights: Float64Array): { readonly isNear: boolean; readonly looked: number } {
  const both = a.weight + b.weight;
  const most = both * (MOST_APART + ROUNDING);
  if (both === 0 || Math.abs(a.weight - b.weight) > most) return { isNear: false, looked: 1 };
  let weight = 0;
  let i = 0;
  let j = 0;
  while (weight <= most && (i < a.words.length || j < b.words.length)) {
    const left = a.words[i] ?? Number.POSITIVE_INFINITY;
    const right = b.words[j] ?? Number.POSITIVE_INFINITY;
    if (left !== right) weight += weights[Math.min(left, right)]!;
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return { isNear: weight <= most, looked: i + j };
}

function mayDiffer(word: string): boolean {
  return !TURNS.has(word) && !/\p{N}/u.test(word);
}
