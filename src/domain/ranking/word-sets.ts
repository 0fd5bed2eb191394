import type { TokenModel } from "../ports/token-model.ts";
import { runsOf, type Slices } from "../slices.ts";
import { wordsOf } from "./words-of.ts";

/** The words of a text, each once, by their numbers and in their order. */
export interface WordSet {
  readonly words: Int32Array;
  /** Sum of the words' weights. */
  readonly weight: number;
}

/** The words of several texts. They are numbered from 0, those first that the fewest texts have. */
export interface WordSets {
  /** In the order of the texts. */
  readonly sets: readonly WordSet[];
  /** By a word's number. */
  readonly weights: Float64Array;
  readonly words: readonly string[];
}

/** Characters whose words are told apart in one slice. */
const CHARACTERS_A_SLICE = 20_000;

/** Takes texts apart. Without a model each word weighs the same. */
export function* wordSetsOf(texts: readonly string[], tokens: Pick<TokenModel, "weightOf"> | null): Slices<WordSets> {
  const places = new Map<string, number>();
  const counts: number[] = [];
  const weightOf: number[] = [];
  const found: number[][] = [];
  for (const run of runsOf(texts, CHARACTERS_A_SLICE, (text) => text.length)) {
    if (found.length > 0) yield;
    for (const text of run) {
      const own: number[] = [];
      for (const word of new Set(wordsOf(text))) {
        let place = places.get(word);
        if (place === undefined) {
          place = places.size;
          places.set(word, place);
          weightOf.push(tokens?.weightOf(word) ?? 1);
          counts.push(0);
        }
        counts[place]!++;
        own.push(place);
      }
      found.push(own);
    }
  }
  const isMuch = places.size > CHARACTERS_A_SLICE;
  if (isMuch) yield;
  const numbers = rarestFirst(counts, texts.length);
  const weights = new Float64Array(numbers.length);
  for (let place = 0; place < numbers.length; place++) weights[numbers[place]!] = weightOf[place]!;
  if (isMuch) yield;
  const words = new Array<string>(numbers.length);
  for (const [word, place] of places) words[numbers[place]!] = word;
  const sets: WordSet[] = [];
  for (const run of runsOf(found, CHARACTERS_A_SLICE, (own) => own.length)) {
    if (texts.length > run.length) yield;
    for (const own of run) sets.push(setOf(own, numbers, weights));
  }
  return { sets, weights, words };
}

/** For each place its number when places are ordered by their counts, of which none is above `most`. */
function rarestFirst(counts: readonly number[], most: number): Int32Array {
  const next = new Int32Array(most + 2);
  for (const count of counts) next[count + 1]!++;
  for (let count = 1; count < next.length; count++) next[count]! += next[count - 1]!;
  const numbers = new Int32Array(counts.length);
  for (let place = 0; place < numbers.length; place++) numbers[place] = next[counts[place]!]!++;
  return numbers;
}

function setOf(own: readonly number[], numbers: Int32Array, weights: Float64Array): WordSet {
  const words = new Int32Array(own.length);
  for (let i = 0; i < words.length; i++) words[i] = numbers[own[i]!]!;
  words.sort();
  let weight = 0;
  for (const word of words) weight += weights[word]!;
  return { words, weight };
}
