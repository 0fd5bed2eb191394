import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { floorsMayHideMore, type RankingRules, rank } from "./ranking.ts";
import type { Candidate, Candidates } from "./search.ts";

const HYBRID: RankingRules = { mode: "hybrid", minScore: null, minSimilarity: null, lexicalPassesSimilarity: false };

function candidate(id: string, more: Partial<Candidate> = {}): Candidate {
  return { id, cosine: null, lexemes: [], textRank: 0, text: "", ...more };
}

function found(candidates: Candidate[], queryLexemes = ["call", "price"]): Candidates {
  return { candidates, queryLexemes, truncated: false, readTime: new Date(0) };
}

function ids(candidates: Candidate[], rules: Partial<RankingRules> = {}): string[] {
  return rank(found(candidates), { ...HYBRID, ...rules }).map((one) => one.id);
}

describe("rank", () => {
  it("scores half the share of the query's words plus the cosine", () => {
    const [first] = rank(found([candidate("a", { cosine: 0.6, lexemes: ["call"] })]), HYBRID);
    expect(first).toEqual({
      id: "a",
      score: 0.85,
      signals: { lexical: 0.5, cosine: 0.6, lateInteraction: null },
    });
  });

  it("ranks a row without a vector by its words alone and says that the cosine is missing", () => {
    const rows = [candidate("a", { lexemes: ["call", "price"] }), candidate("b", { cosine: 0.3 })];
    const ranked = rank(found(rows), HYBRID);
    expect(ranked.map((one) => [one.id, one.score])).toEqual([
      ["a", 0.5],
      ["b", 0.3],
    ]);
    expect(ranked[0]?.signals.cosine).toBeNull();
    expect(ranked[1]?.signals.lexical).toBe(0);
  });

  it("leaves the lexical signal out where the query has no word", () => {
    const [first] = rank(found([candidate("a", { cosine: 0.2 })], []), HYBRID);
    expect(first).toMatchObject({ score: 0.2, signals: { lexical: null } });
  });

  it("counts a lexeme once, and only the query's", () => {
    const row = candidate("a", { lexemes: ["call", "call", "other"] });
    expect(rank(found([row]), { ...HYBRID, mode: "lexical" })[0]?.score).toBe(0.5);
  });

  it("breaks ties by the density of the words, then newest first", () => {
    const rows = [
      candidate("a", { lexemes: ["call"], textRank: 0.1 }),
      candidate("c", { lexemes: ["call"], textRank: 0.1 }),
      candidate("b", { lexemes: ["call"], textRank: 0.3 }),
    ];
    expect(ids(rows)).toEqual(["b", "c", "a"]);
  });

  it("ranks SEMANTIC by cosine alone, and drops what has no vector", () => {
    const rows = [
      candidate("a", { cosine: 0.1, lexemes: ["call", "price"] }),
      candidate("b", { cosine: 0.2 }),
      candidate("c", { lexemes: ["call"] }),
    ];
    const ranked = rank(found(rows), { ...HYBRID, mode: "semantic" });
    expect(ranked.map((one) => [one.id, one.score, one.signals.lexical])).toEqual([
      ["b", 0.2, null],
      ["a", 0.1, null],
    ]);
  });

  it("ranks LEXICAL by coverage alone, and drops what has none of the words", () => {
    const rows = [
      candidate("a", { cosine: 0.9 }),
      candidate("b", { cosine: 0.9, lexemes: ["call"] }),
      candidate("c", { lexemes: ["call", "price"] }),
    ];
    const ranked = rank(found(rows), { ...HYBRID, mode: "lexical" });
    expect(ranked.map((one) => [one.id, one.score, one.signals.cosine])).toEqual([
      ["c", 1, null],
      ["b", 0.5, null],
    ]);
  });

  it("keeps what reaches a floor and drops what is below it", () => {
    const rows = [candidate("a", { cosine: 0.5 }), candidate("b", { cosine: 0.499 })];
    expect(ids(rows, { minScore: 0.5 })).toEqual(["a"]);
    expect(ids(rows, { minSimilarity: 0.5 })).toEqual(["a"]);
  });

  it("counts a missing vector as similarity 0", () => {
    const rows = [candidate("a", { lexemes: ["call"] })];
    expect(ids(rows, { minSimilarity: 0 })).toEqual(["a"]);
    expect(ids(rows, { minSimilarity: 0.01 })).toEqual([]);
  });

  it("lets rows that share a word pass the floor on similarity where it is told to", () => {
    const rows = [
      candidate("a", { lexemes: ["call"] }),
      candidate("b", { cosine: 0.1 }),
      candidate("c", { cosine: 0.7 }),
    ];
    expect(ids(rows, { minSimilarity: 0.6, lexicalPassesSimilarity: true })).toEqual(["c", "a"]);
    expect(ids(rows, { minSimilarity: 0.6 })).toEqual(["c"]);
  });

  it("gives the same order whatever order the rows came in", () => {
    const row = fc.record({
      id: fc.uuid(),
      cosine: fc.option(fc.constantFrom(-0.5, 0, 0.25, 0.5)),
      lexemes: fc.subarray(["call", "price"]),
      textRank: fc.constantFrom(0, 0.1),
      text: fc.constant(""),
    });
    const rows = fc.uniqueArray(row, { selector: (one) => one.id, maxLength: 20 });
    const mode = fc.constantFrom("hybrid" as const, "semantic" as const, "lexical" as const);
    fc.assert(
      fc.property(rows, mode, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (some, which, random) => {
        const keyed = some.map((one) => [random.next().value as number, one] as const);
        const shuffled = keyed.sort((a, b) => a[0] - b[0]).map(([, one]) => one);
        expect(ids(shuffled, { mode: which })).toEqual(ids(some, { mode: which }));
        const scores = rank(found(some), { ...HYBRID, mode: which }).map((one) => one.score);
        expect(scores).toEqual([...scores].sort((a, b) => b - a));
      }),
    );
  });
});

describe("floorsMayHideMore", () => {
  it("suspects a floor only where no leg is ordered by what it measures", () => {
    expect(floorsMayHideMore({ ...HYBRID, minScore: 0.5 })).toBe(true);
    expect(floorsMayHideMore({ ...HYBRID, minSimilarity: 0.5 })).toBe(false);
    expect(floorsMayHideMore({ ...HYBRID, mode: "semantic", minScore: 0.5, minSimilarity: 0.5 })).toBe(false);
    expect(floorsMayHideMore({ ...HYBRID, mode: "lexical", minScore: 0.5 })).toBe(false);
    expect(floorsMayHideMore({ ...HYBRID, mode: "lexical", minSimilarity: 0.5 })).toBe(true);
    expect(floorsMayHideMore({ ...HYBRID, mode: "lexical", minSimilarity: 0.5, lexicalPassesSimilarity: true })).toBe(
      false,
    );
  });
});
