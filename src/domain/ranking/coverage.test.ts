import fc from "fast-check";
import { expect, it } from "vitest";
import { coverageOf } from "./coverage.ts";

const LEXEMES = ["a", "b", "c", "d", "e", "f"];
const lexeme = fc.constantFrom(...LEXEMES);
const lexemes = fc.array(lexeme, { maxLength: 6 });

it("is the weight of the words that a text has, or of their likes by likeness, by the weight of all", () => {
  const words = fc.uniqueArray(fc.record({ lexeme, compound: fc.boolean() }), {
    selector: (one) => one.lexeme,
    minLength: 1,
  });
  const similarity = fc.constantFrom(0.25, 0.5, 0.75);
  const similar = fc.array(fc.record({ lexeme, like: lexeme, similarity }), { maxLength: 4 });
  const weightOf = (word: string) => 1 + LEXEMES.indexOf(word);
  fc.assert(
    fc.property(words, similar, lexemes, (some, likes, own) => {
      const asked = some.map((one) => ({ ...one, word: one.lexeme }));
      const plain = asked.filter((one) => !one.compound);
      const counting = plain.length > 0 ? plain : asked;
      const share = (wanted: string) =>
        own.includes(wanted)
          ? 1
          : Math.max(
              0,
              ...likes.filter((one) => one.like === wanted && own.includes(one.lexeme)).map((one) => one.similarity),
            );
      const sum = (worth: (word: string) => number) =>
        counting.reduce((total, one) => total + weightOf(one.lexeme) * worth(one.lexeme), 0);
      const coverage = coverageOf(asked, likes, { weightOf })!(own);
      expect(coverage).toBeCloseTo(sum(share) / sum(() => 1), 9);
    }),
  );
});
