import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { rank } from "../../src/domain/ranking/rank.ts";
import { DEFAULT_TERMS } from "../../src/domain/ranking/ranking-terms.ts";
import type { Candidate, Signals } from "../../src/domain/search.ts";
import { atOnce } from "../../src/domain/slices.ts";

const page = readFileSync(new URL("../../docs/retrieval.md", import.meta.url), "utf8");

/** As the table under "How results are ranked" has them, by the signal's name in camel case. */
const documented = new Map(
  [...page.matchAll(/^\| `([a-z_]+)` \|.*\| (−?[0-9.]+) \|$/gm)].map(([, name, weight]) => [
    name!.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) as keyof Signals,
    Number(weight!.replace("−", "-")),
  ]),
);

const LEXEMES = ["call", "price", "llama"];
const share = fc.double({ min: 0, max: 1, noNaN: true });
const candidate = fc.record({
  id: fc.uuid(),
  cosine: fc.option(fc.double({ min: -1, max: 1, noNaN: true })),
  lexemes: fc.subarray(LEXEMES),
  textRank: share,
  text: fc.constantFrom("call price llama", "a price", "Call; price, LLAMA!", ""),
  subjectType: fc.constantFrom("self", "person"),
  subjectId: fc.constantFrom(null, "Llama", "Bob"),
  source: fc.constantFrom(null, "talk", "note"),
  asks: fc.boolean(),
  confidence: share,
  updateTime: fc.constantFrom(new Date(0), new Date(-1000), new Date(5000)),
  previousLexemes: fc.option(fc.subarray(LEXEMES)),
}) satisfies fc.Arbitrary<Candidate>;
const candidates = fc.uniqueArray(candidate, { selector: (one) => one.id, maxLength: 30 });
const tokens = {
  weightOf: (word: string) => word.length,
  lateInteraction: (_: string, texts: readonly string[]) => texts.map((text) => (text === "" ? null : 1 / text.length)),
};

function ranked(some: readonly Candidate[], terms = DEFAULT_TERMS) {
  const words = LEXEMES.map((lexeme) => ({ lexeme, word: lexeme, compound: false }));
  const found = { candidates: some, words, identifiers: [], truncated: false, readTime: new Date(0) };
  const rules = { mode: "hybrid", minScore: null, minSimilarity: null, lexicalPassesSimilarity: false } as const;
  return atOnce(rank(found, rules, { text: "call price llama", similar: [], rerank: true, terms, tokens }));
}

function sum(signals: Signals, weights: ReadonlyMap<keyof Signals, number>): number {
  return [...weights].reduce((total, [name, weight]) => total + weight * (signals[name] ?? 0), 0);
}

it("scores by the signals and the weights that are documented, and by no other", () => {
  expect(documented.size).toBe(10);
  fc.assert(
    fc.property(candidates, (some) => {
      for (const { signals, score } of ranked(some)) {
        expect(Object.keys(signals).sort()).toEqual([...documented.keys()].sort());
        expect(score).toBeCloseTo(sum(signals, documented), 9);
      }
    }),
  );
});

it("scores by the weights that a search asks for", () => {
  const weight = fc.double({ min: 0, max: 10, noNaN: true });
  const asked = { previous: weight, participant: weight, source: weight, question: weight, recency: weight };
  const terms = fc.record({ ...asked, confidence: weight, recencyHalfLifeMs: fc.constantFrom(1000, 60_000) });
  fc.assert(
    fc.property(candidates, terms, (some, { recencyHalfLifeMs, question, ...others }) => {
      const weights = new Map([...documented, ...(Object.entries(others) as [keyof Signals, number][])]);
      weights.set("question", -question);
      for (const { signals, score } of ranked(some, { ...others, question, recencyHalfLifeMs })) {
        expect(score).toBeCloseTo(sum(signals, weights), 9);
      }
    }),
  );
});

it("tells rarity and the source's best as documented", () => {
  fc.assert(
    fc.property(candidates, (some) => {
      const byId = new Map(ranked(some).map((one) => [one.id, one.signals]));
      const having = (lexeme: string) => some.filter((one) => one.lexemes.includes(lexeme)).length;
      const weight = (lexeme: string) =>
        lexeme.length * (having(lexeme) === 0 ? 1 : 1 - (having(lexeme) - 1) / (some.length + 8));
      const all = LEXEMES.reduce((total, lexeme) => total + weight(lexeme), 0);
      const found = (["lexical", "cosine", "lateInteraction", "exact"] as const).map(
        (name) => [name, documented.get(name)!] as const,
      );
      for (const { id, lexemes, source } of some) {
        const own = byId.get(id)!;
        expect(own.lexical).toBeCloseTo(lexemes.reduce((total, one) => total + weight(one), 0) / all, 9);
        const others = some.filter((one) => one.source !== null && one.source === source && one.id !== id);
        const best = others.map((one) => sum(byId.get(one.id)!, new Map(found)));
        if (best.length === 0) expect(own.source).toBeNull();
        else expect(own.source).toBeCloseTo(Math.max(...best), 9);
      }
    }),
  );
});
