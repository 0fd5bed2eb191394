import { expect, it } from "vitest";
import { tellingWords } from "./telling-words.ts";

const byLength = (word: string): number => word.length;
const many = (count: number, word: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => word(i)).join(" ");

it("leaves a text of 32 words as it is", () => {
  const text = `  ${many(32, (i) => `w${i}`)}!  `;
  expect(tellingWords(text, byLength)).toBe(text);
});

it("keeps of a longer text the 32 words that tell the most, once each, in their order and with their signs", () => {
  const told = tellingWords(
    `${many(300, (i) => `w${i % 90}`)} (telling) ${many(200, () => "of")} example.net/path`,
    byLength,
  );
  const runs = told.split(" ");
  expect(runs.slice(-2)).toEqual(["(telling)", "example.net/path"]);
  expect(runs).toHaveLength(30);
  expect(new Set(runs).size).toBe(30);
});

it("cuts a run that is longer than that by itself", () => {
  expect(tellingWords(many(5000, (i) => `a${i}`).replaceAll(" ", "/"), byLength)).toBe(
    many(32, (i) => `a${i}`).replaceAll(" ", "/"),
  );
});
