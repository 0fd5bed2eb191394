import { expect, it } from "vitest";
import { corrected, likelyBeginnings, likelySpellings, unmatchedWords } from "./misspelling.ts";
import { spellingDistance } from "./spelling-distance.ts";

it.each([
  ["johnson", "johnson", 0],
  ["jonhson", "johnson", 1],
  ["jhnson", "johnson", 1],
  ["katherine", "catherine", 1],
  ["ab", "ba", 1],
  ["kitten", "sitting", 3],
  ["", "abc", 3],
])("counts the slips between %s and %s", (a, b, slips) => {
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    expect(spellingDistance(one, other, 9)).toBe(slips);
    expect(spellingDistance(one, other, slips)).toBe(slips);
    if (slips > 0) expect(spellingDistance(one, other, slips - 1)).toBe(slips);
  }
});

it.each([
  ["jonhson", "jo"],
  ["ojhnson", "joh"],
  ["jahnson", "joh"],
  ["jhnson", "joh"],
  ["katherine", "cat"],
])("guesses that %s begins with %s", (typed, beginning) => {
  expect(likelyBeginnings(typed)).toContain(beginning);
});

it("takes a few slips for a misspelling, fewer in short words, and at most three readings", () => {
  const one = (lexeme: string, like: string) => ({ lexeme, like, similarity: 0.3 });
  const spelt = likelySpellings([
    one("jonathan", "jonhson"),
    one("johnson", "jonhson"),
    one("tree", "free"),
    one("bees", "free"),
  ]);
  expect(spelt.map(({ lexeme, like }) => [lexeme, like])).toEqual([
    ["johnson", "jonhson"],
    ["tree", "free"],
  ]);
  expect(spelt[0]!.similarity).toBeCloseTo(6 / 7, 9);
  const many = ["abcdea", "abcdeb", "abcdec", "abcded"].map((lexeme) => one(lexeme, "abcdef"));
  expect(likelySpellings(many)).toHaveLength(3);
});

it("puts what was surely meant in the place of what was typed", () => {
  const words = [{ lexeme: "jonhson", word: "Jonhson", compound: false }];
  const similar = [{ lexeme: "johnson", like: "jonhson", similarity: 0.85 }];
  expect(corrected("Where is Jonhson?", words, similar)).toBe("Where is johnson?");
  expect(corrected("Where is Jonhson?", words, [{ ...similar[0]!, similarity: 0.5 }])).toBe("Where is Jonhson?");
});

it("leaves words alone that only contain the misspelt one", () => {
  const words = [
    { lexeme: "jonh", word: "jonh", compound: false },
    { lexeme: "jonhson", word: "jonhsons", compound: false },
  ];
  const similar = [
    { lexeme: "john", like: "jonh", similarity: 0.75 },
    { lexeme: "johnson", like: "jonhson", similarity: 0.85 },
  ];
  expect(corrected("jonh, Jonh and the jonhsons", words, similar)).toBe("john, Jonh and the johnson");
  expect(corrected("a jonh", words, [{ ...similar[0]!, lexeme: "$&$1" }])).toBe("a $&$1");
});

it("counts letters, not halves of them, before it looks for other spellings", () => {
  const one = (lexeme: string) => ({ lexeme, word: lexeme, compound: false });
  const four = one("\u{1d4b6}\u{1d4b7}\u{1d4b8}\u{1d4b9}");
  expect(unmatchedWords([four, one("\u{1d4b6}\u{1d4b7}")], [])).toEqual([four]);
});
