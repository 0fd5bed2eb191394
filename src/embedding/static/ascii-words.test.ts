import fc from "fast-check";
import { expect, it } from "vitest";
import { AsciiWords, EMPTY_HASH, hashOn } from "./ascii-words.ts";

function wordsOf(...vocabulary: string[]): (text: string, start?: number, end?: number) => number {
  const words = new AsciiWords(vocabulary.length);
  for (const [id, word] of vocabulary.entries()) words.add(word, id);
  return (text, start = 0, end = text.length) => {
    let hash = EMPTY_HASH;
    for (let at = start; at < end; at++) hash = hashOn(hash, text.charCodeAt(at));
    return words.find(text, start, end, hash);
  };
}

it("finds a word by its place in a text, in whatever case", () => {
  const find = wordsOf("tea", "green", "!");
  expect([find("Green TEA!", 0, 5), find("Green TEA!", 6, 9), find("Green TEA!", 9, 10)]).toEqual([1, 0, 2]);
  expect([find("gree"), find("greens"), find("\x14ea"), find("t\u0145a")]).toEqual([-1, -1, -1, -1]);
});

it("holds neither what is not ASCII nor what has capital letters, and the last of equal words", () => {
  const find = wordsOf("thé", "Tea", "tea", "tea");
  expect([find("thé"), find("Tea"), find("tea")]).toEqual([-1, 3, 3]);
});

it("answers as a map does for any vocabulary", () => {
  const word = fc.string({ unit: fc.constantFrom(..."abAB1!"), minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.uniqueArray(word, { maxLength: 80 }), word, (vocabulary, asked) => {
      expect(wordsOf(...vocabulary)(asked)).toBe(vocabulary.indexOf(asked.toLowerCase()));
    }),
  );
});
