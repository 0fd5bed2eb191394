import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Candidate, Candidates } from "../search.ts";
import { atOnce } from "../slices.ts";
import { floorsMayHideMore, type RankedQuery, type RankingRules, rank as rankInSlices } from "./rank.ts";
import { DEFAULT_TERMS } from "./ranking-terms.ts";

const rank = (...input: Parameters<typeof rankInSlices>) => atOnce(rankInSlices(...input));

const HYBRID: RankingRules = { mode: "hybrid", minScore: null, minSimilarity: null, lexicalPassesSimilarity: false };

const QUERY: RankedQuery = { text: "calls", similar: [], rerank: true, terms: DEFAULT_TERMS, tokens: null };
const NO_SIGNALS = {
  ...{ lexical: null, cosine: null, lateInteraction: null, exact: null, previous: null, source: null },
  ...{ participant: null, question: null, recency: null, confidence: null },
};

function candidate(id: string, more: Partial<Candidate> = {}): Candidate {
  const own = { subjectType: "self", subjectId: null, source: null, asks: false, confidence: 1 };
  const found = { cosine: null, lexemes: [], textRank: 0, text: "", previousLexemes: null };
  return { id, ...own, ...found, updateTime: new Date(0), ...more };
}

function found(candidates: Candidate[], lexemes = ["call", "price"], identifiers: string[] = []): Candidates {
  const words = lexemes.map((lexeme) => ({ lexeme, word: lexeme, compound: false }));
  return { candidates, words, identifiers, truncated: false, readTime: new Date(0) };
}

function ranked(candidates: Candidate[], rules: Partial<RankingRules> = {}, query: Partial<RankedQuery> = {}) {
  return rank(found(candidates), { ...HYBRID, ...rules }, { ...QUERY, ...query });
}

function ids(...args: Parameters<typeof ranked>): string[] {
  return ranked(...args).map((one) => one.id);
}

describe("rank", () => {
  it("scores 0.4 of the share of the query's words plus the cosine", () => {
    const [first] = ranked([candidate("a", { cosine: 0.6, lexemes: ["call"] })]);
    expect(first).toMatchObject({ id: "a", score: 0.8, signals: { ...NO_SIGNALS, lexical: 0.5, cosine: 0.6 } });
  });

  it("ranks a row without a vector by its words alone and says that the cosine is missing", () => {
    const rows = [candidate("a", { lexemes: ["call", "price"] }), candidate("b", { cosine: 0.3 })];
    const results = ranked(rows);
    expect(results.map((one) => [one.id, one.score])).toEqual([
      ["a", 0.4],
      ["b", 0.3],
    ]);
    expect(results[0]?.signals.cosine).toBeNull();
    expect(results[1]?.signals.lexical).toBe(0);
  });

  it("leaves the lexical signal out where the query has no word", () => {
    const [first] = rank(found([candidate("a", { cosine: 0.2 })], []), HYBRID, QUERY);
    expect(first).toMatchObject({ score: 0.2, signals: { lexical: null } });
  });

  it("counts a lexeme once, and only the query's", () => {
    const row = candidate("a", { lexemes: ["call", "call", "other"] });
    expect(ranked([row], { mode: "lexical" })[0]?.score).toBe(0.5);
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
    const results = ranked(rows, { mode: "semantic" });
    expect(results.map((one) => [one.id, one.score, one.signals.lexical])).toEqual([
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
    const results = ranked(rows, { mode: "lexical" });
    expect(results.map((one) => [one.id, one.score, one.signals.cosine])).toEqual([
      ["c", 1, null],
      ["b", 10 / 11 / (10 / 11 + 1), null],
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
    const row = fc
      .record({
        id: fc.uuid(),
        cosine: fc.option(fc.constantFrom(-0.5, 0, 0.25, 0.5)),
        lexemes: fc.subarray(["call", "price"]),
        textRank: fc.constantFrom(0, 0.1),
        subjectId: fc.constantFrom(null, "calls", "prices"),
        source: fc.constantFrom(null, "talk", "note"),
        asks: fc.boolean(),
        previousLexemes: fc.option(fc.subarray(["call", "price"])),
      })
      .map((one) => candidate(one.id, { ...one, subjectType: "person" }));
    const rows = fc.uniqueArray(row, { selector: (one) => one.id, maxLength: 20 });
    const mode = fc.constantFrom("hybrid" as const, "semantic" as const, "lexical" as const);
    fc.assert(
      fc.property(rows, mode, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (some, which, random) => {
        const keyed = some.map((one) => [random.next().value as number, one] as const);
        const shuffled = keyed.sort((a, b) => a[0] - b[0]).map(([, one]) => one);
        expect(ids(shuffled, { mode: which })).toEqual(ids(some, { mode: which }));
        const scores = ranked(some, { mode: which }).map((one) => one.score);
        expect(scores).toEqual([...scores].sort((a, b) => b - a));
      }),
    );
  });
});

describe("rank, term by term", () => {
  const talk = { source: "talk", cosine: 0.5, subjectType: "person" };
  const call = { ...talk, source: "call" };

  it("adds the previous memory's share of the query's words", () => {
    const rows = [candidate("a", { ...talk, previousLexemes: ["call"] }), candidate("b", call)];
    const [first, second] = ranked(rows);
    expect(first).toMatchObject({ id: "a", score: 0.5 + 0.4 * 0.5, signals: { previous: 0.5 } });
    expect(second).toMatchObject({ id: "b", score: 0.5, signals: { previous: null } });
    expect(ranked(rows, {}, { terms: { ...DEFAULT_TERMS, previous: 0 } })[0]?.signals.previous).toBeNull();
  });

  it("prefers the one subject that the query names", () => {
    const rows = [candidate("a", { ...talk, subjectId: "Ann" }), candidate("b", { ...call, subjectId: "Bob" })];
    const [first, second] = ranked(rows, {}, { text: "what did Ann's sister say?" });
    expect(first).toMatchObject({ id: "a", score: 0.8, signals: { participant: 1 } });
    expect(second).toMatchObject({ id: "b", score: 0.5, signals: { participant: 0 } });
    expect(ranked(rows, {}, { text: "Ann and Bob" })[0]?.signals.participant).toBeNull();
  });

  it("adds how well the best other memory of the same source fits, whatever surrounds that one", () => {
    const rows = [
      candidate("a", { ...talk, cosine: 0.1 }),
      candidate("b", { ...talk, cosine: 0.6, lexemes: ["call"], subjectId: "Calls", asks: true }),
      candidate("c", { ...talk, cosine: 0.3 }),
      candidate("d", { ...call, cosine: 0.2 }),
      candidate("e", { cosine: 0.2 }),
    ];
    const sources = (more: Partial<RankedQuery> = {}) => {
      const byId = new Map(ranked(rows, {}, more).map((one) => [one.id, one]));
      return ["a", "b", "c", "d", "e"].map((id) => byId.get(id)!);
    };
    expect(sources().map((one) => one.signals.source)).toEqual([0.8, 0.3, 0.8, null, null]);
    expect(sources()[0]!.score).toBeCloseTo(0.1 + 0.3 * 0.8, 9);
    const without = sources({ terms: { ...DEFAULT_TERMS, source: 0 } });
    expect(without.map((one) => one.signals.source)).toEqual([null, null, null, null, null]);
    expect(ranked(rows, { mode: "semantic" })[0]!.signals.source).toBeNull();
  });

  it("counts a word for less, the more of what was found has it, and alone for what it is", () => {
    const many = Array.from({ length: 12 }, (_, i) => candidate(`m${i}`, { lexemes: ["call"] }));
    const rare = candidate("rare", { lexemes: ["price"] });
    const [first, second] = ranked([...many, rare], { mode: "lexical" });
    expect([first!.id, first!.score]).toEqual(["rare", 1 / (1 + 1 - 11 / 21)]);
    expect(second!.score).toBeCloseTo(1 - first!.score, 9);
    expect(ranked([rare], { mode: "lexical" })[0]!.score).toBe(0.5);
  });

  it("takes something off a question that some source holds, and off no other", () => {
    const rows = [candidate("a", { ...talk, asks: true }), candidate("b", { asks: true, cosine: 0.5 })];
    const results = ranked(rows);
    expect(results.map((one) => [one.id, one.score, one.signals.question])).toEqual([
      ["b", 0.5, null],
      ["a", 0.35, 1],
    ]);
  });

  it("weighs recency and confidence in every mode, where it is asked to", () => {
    const terms = { ...DEFAULT_TERMS, recency: 0.4, recencyHalfLifeMs: 1000, confidence: 0.1 };
    const row = candidate("a", {
      ...{ cosine: 0.5, lexemes: ["call", "price"], confidence: 0.5, updateTime: new Date(-2000) },
    });
    for (const [mode, score] of [
      ["hybrid", 0.9],
      ["semantic", 0.5],
      ["lexical", 1],
    ] as const) {
      const [first] = ranked([row], { mode }, { terms });
      expect(first?.signals).toMatchObject({ recency: 0.25, confidence: 0.5 });
      expect(first?.score).toBeCloseTo(score + 0.4 * 0.25 + 0.1 * 0.5, 9);
    }
  });

  it("puts what has the query's identifier, or all its words side by side, above what is merely close", () => {
    const rows = [candidate("a", { lexemes: ["inv-20931"] }), candidate("b", { cosine: 0.9 })];
    const query = { ...QUERY, text: "INV-20931" };
    const [first] = rank(found(rows, ["inv"], ["inv-20931"]), HYBRID, query);
    expect(first).toMatchObject({ id: "a", signals: { exact: 1 } });
    const texts = [
      candidate("c", { text: "Out of the Box: café", lexemes: ["box", "cafe"] }),
      candidate("d", { cosine: 0.9, text: "A café box", lexemes: ["box", "cafe"] }),
    ];
    const results = rank(found(texts, ["box", "cafe"]), HYBRID, { ...QUERY, text: "the box, cafe" });
    expect(results.map((one) => [one.id, one.signals.exact])).toEqual([
      ["c", 1],
      ["d", 0],
    ]);
  });

  it("weighs words by what they tell, and adds late interaction unless it is switched off", () => {
    const tokens = {
      weightOf: (word: string) => (word === "call" ? 1 : 3),
      lateInteraction: (_: string, texts: readonly string[]) => texts.map((text) => (text === "" ? null : 0.8)),
    };
    const row = candidate("a", { lexemes: ["call"], text: "call" });
    expect(ranked([row], {}, { tokens })[0]).toMatchObject({
      ...{ score: 0.4 * 0.25 + 0.8, signals: { lexical: 0.25, lateInteraction: 0.8 } },
    });
    expect(ranked([row], {}, { tokens, rerank: false })[0]).toMatchObject({ signals: { lateInteraction: null } });
  });

  it("counts a word that is only spelt like the query's by how alike it is", () => {
    const similar = [{ lexeme: "cold", like: "call", similarity: 0.5 }];
    expect(ranked([candidate("a", { lexemes: ["cold"] })], {}, { similar })[0]?.signals.lexical).toBe(0.25);
  });
});

describe("floorsMayHideMore", () => {
  const off = { recency: 0, confidence: 0 };

  it("suspects a floor only where no retriever is ordered by what it measures", () => {
    const lexical = { ...HYBRID, mode: "lexical" } as const;
    const semantic = { ...HYBRID, mode: "semantic", minScore: 0.5, minSimilarity: 0.5 } as const;
    expect(floorsMayHideMore({ ...HYBRID, minScore: 0.5 }, off)).toBe(true);
    expect(floorsMayHideMore({ ...HYBRID, minSimilarity: 0.5 }, off)).toBe(false);
    expect(floorsMayHideMore(semantic, off)).toBe(false);
    expect(floorsMayHideMore(semantic, { ...off, recency: 0.2 })).toBe(true);
    expect(floorsMayHideMore(semantic, { ...off, confidence: 1 })).toBe(true);
    expect(floorsMayHideMore(lexical, off)).toBe(false);
    expect(floorsMayHideMore({ ...lexical, minScore: 0.5 }, off)).toBe(true);
    expect(floorsMayHideMore({ ...lexical, minSimilarity: 0.5 }, off)).toBe(true);
    expect(floorsMayHideMore({ ...lexical, minSimilarity: 0.5, lexicalPassesSimilarity: true }, off)).toBe(false);
  });
});
