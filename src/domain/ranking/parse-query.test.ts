import fc from "fast-check";
import { expect, it } from "vitest";
import { parseQuery } from "./parse-query.ts";

it.each([
  ["plain words", "plain words", [], []],
  ['about "green tea" now', "about green tea  now", ["green tea"], []],
  ["“curly quotes” too", "curly quotes  too", ["curly quotes"], []],
  ["tea -black -green", "tea", [], ["black", "green"]],
  ['tea -"black tea" pot', "tea   pot", [], ["black tea"]],
  ["well-known --flag -5 a - b -", "well-known --flag -5 a - b -", [], []],
  ['5" pipe and 6" bolt', '5" pipe and 6" bolt', [], []],
  ['an "open end', 'an "open end', [], []],
  ['empty "" quotes', "empty  quotes", [], []],
  ["-only", "", [], ["only"]],
])("reads %j", (query, text, phrases, excluded) => {
  expect(parseQuery(query)).toEqual({ text, phrases, excluded });
});

it("takes any text, and loses no letter of it", () => {
  const sign = fc.constantFrom('"', "-", " ", "a", "b", "“", "”");
  fc.assert(
    fc.property(fc.array(sign), (signs) => {
      const { text, phrases, excluded } = parseQuery(signs.join(""));
      const letters = (some: string) => some.replace(/[^ab]/g, "").length;
      expect(letters(text) + letters(excluded.join(""))).toBe(letters(signs.join("")));
      for (const one of [...phrases, ...excluded]) expect(one.trim()).not.toBe("");
    }),
  );
});
