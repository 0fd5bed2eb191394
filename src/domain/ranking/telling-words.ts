import { wordsOf } from "./words-of.ts";

/** Words of one query that memories are looked up by. */
const MOST_WORDS = 32;
const UP_TO_MOST_WORDS = new RegExp(String.raw`^(?:[^\p{L}\p{N}]*[\p{L}\p{N}]+){1,${MOST_WORDS}}`, "u");

/**
 * A text with at most 32 of its words: those that tell the most, once each and in their order; signs stay with their words. It is
 * for the look-up by words alone, whose cost grows with them: what such a text means is embedded whole.
 */
export function tellingWords(text: string, weightOf: (word: string) => number): string {
  if (wordsOf(text).length <= MOST_WORDS) return text;
  const runs = [...new Set(text.match(/\S+/g))].map((run, place) => {
    const words = wordsOf(run);
    if (words.length <= MOST_WORDS) return { run, place, words };
    const [cut] = UP_TO_MOST_WORDS.exec(run) ?? [""];
    return { run: cut, place, words: words.slice(0, MOST_WORDS) };
  });
  const weighed = runs.map((one) => ({ ...one, weight: Math.max(0, ...one.words.map(weightOf)) }));
  weighed.sort((a, b) => b.weight - a.weight || a.place - b.place);
  let left = MOST_WORDS;
  const kept = weighed.filter(({ words }) => {
    if (words.length === 0 || words.length > left) return false;
    left -= words.length;
    return true;
  });
  kept.sort((a, b) => a.place - b.place);
  return kept.map(({ run }) => run).join(" ");
}
