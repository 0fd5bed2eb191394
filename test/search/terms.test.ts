import { afterAll, beforeAll, expect, it } from "vitest";
import type { MemoryFilter } from "../../src/domain/memory.ts";
import { describeOnEngines } from "../app/engines.ts";
import { Finder } from "./finder.ts";
import type { Database } from "./open-database.ts";
import { never, type SeedMemory } from "./seed.ts";
import { shareDatabase } from "./share-database.ts";

const AGENT = "0190a000-0000-7000-8000-00000000000a";
const OTHER = "0190a000-0000-7000-8000-00000000000b";
const DAY = 24 * 3600 * 1000;

describeOnEngines("optional terms of a score", (engine) => {
  let database: Database;

  beforeAll(async () => {
    database = await shareDatabase(engine);
  });
  afterAll(() => database.close());

  function over(memories: readonly SeedMemory[]): Promise<Finder> {
    return Finder.over(database.storage, memories);
  }

  async function previous(finder: Finder, agentId: string | null = null): Promise<(number | null)[]> {
    const { results } = await finder.find("wedding llamas", {}, agentId);
    const byId = new Map(results.map((one) => [one.memory.id, one.signals.previous]));
    return finder.ids.map((id) => byId.get(id) ?? null);
  }

  it("knows the memory before it of the same source, with and without a kind of source, and of no other", async () => {
    const talk = (content: string, more: Partial<SeedMemory> = {}) => ({ content, sourceId: "s1", ...more });
    const finder = await over([
      talk("Will there be llamas at the wedding?"),
      talk("Llamas at the wedding", { sourceKind: "chat" }),
      talk("Yes, two."),
      talk("No, none.", { sourceKind: "chat" }),
      talk("A third wedding, it is.", { sourceId: "s2" }),
      { content: "Some wedding or other" },
    ]);
    expect(await previous(finder)).toEqual([null, null, 1, 1, null, null]);
  });

  it("looks past what another owner said, and never shows what the caller may not see", async () => {
    const shared = { sourceId: "s1", visibility: "shared", agentId: AGENT } as const;
    const finder = await over([
      { ...shared, content: "A wedding" },
      { ...shared, content: "Wedding llamas, says somebody else", agentId: OTHER },
      { ...shared, content: "Yes, says the first of them", agentId: AGENT },
      { ...shared, content: "Secret wedding llamas", agentId: OTHER, visibility: "private" },
      { ...shared, content: "Indeed, says the other", agentId: OTHER },
      { ...shared, content: "Deleted wedding llamas", deleteTime: new Date() },
      { ...shared, content: "So it is", agentId: AGENT },
    ]);
    const [first, , , , other] = await previous(finder, AGENT);
    expect(first).toBeNull();
    expect(other).toBe(1);
    const seen = (await finder.find("wedding llamas", { limit: 20 }, AGENT)).results;
    const signal = (place: number) => seen.find((one) => one.memory.id === finder.ids[place])?.signals.previous;
    expect(signal(2)).toBeGreaterThan(0);
    expect(signal(2)).toBeLessThan(1);
    expect(signal(6)).toBe(0);
    // To the workspace itself nothing is hidden.
    expect((await previous(finder))[4]).toBe(1);
    expect(signal(4)).toBe(1);
  });

  it("finds the answer after a question that fits, though it shares nothing with the query", async () => {
    const filler = Array.from({ length: 120 }, (_, i) => ({
      content: `The llama herd of wedding planner number ${i}`,
    }));
    const talk = (content: string, more: Partial<SeedMemory> = {}) => ({ content, sourceId: "s1", ...more });
    const finder = await over([
      ...filler,
      talk("Who looks after the wedding llamas?"),
      talk("Somebody else's remark", { agentId: OTHER, visibility: "private" }),
      talk("Zebulon"),
      talk("Quixote"),
    ]);
    const answer = 122;
    expect(await finder.places("Who looks after the wedding llamas?")).toContain(answer);
    const { results } = await finder.find("Who looks after the wedding llamas?");
    const found = results.find((one) => one.memory.id === finder.ids[answer]);
    expect(found?.signals.source).toBeGreaterThan(1);
    const off = { terms: { previous: 0, source: 0 } };
    expect(await finder.places("Who looks after the wedding llamas?", { ...off, limit: 50 })).not.toContain(answer);
    const filtered = { filter: { kinds: ["nothing"] } };
    expect(await finder.places("Who looks after the wedding llamas?", filtered)).toEqual([]);
  });

  it("never takes what follows from another owner, nor what the caller may not see or did not ask for", async () => {
    const at = { sourceId: "s1", sourceKind: "chat", agentId: AGENT, visibility: "shared" } as const;
    const finder = await over([
      { ...at, content: "Who looks after the wedding llamas?", tags: ["asked"] },
      { ...at, content: "Zebulon", agentId: OTHER },
      { ...at, content: "Quixote", visibility: "private" },
      { ...at, content: "Deleted", deleteTime: new Date() },
      { ...at, content: "Xanthippe", sourceKind: "mail" },
      { ...at, content: "Wolfram", tags: ["asked"] },
    ]);
    const words = { text: "wedding llamas", language: "english", vector: null, perRetriever: 50, withNeighbours: true };
    const found = async (agentId: string, filter: MemoryFilter = {}) => {
      const access = { workspaceId: finder.caller.workspaceId, agentId, volumeId: null };
      const { candidates } = await database.storage.searches.candidates(access, { ...words, filter }, never);
      return candidates.map((one) => finder.ids.indexOf(one.id)).sort();
    };
    expect(await found(OTHER)).toEqual([0, 5]);
    expect(await found(AGENT)).toEqual([0, 2]);
    expect(await found(AGENT, { tagsAny: ["asked"] })).toEqual([0, 5]);
  });

  it("prefers the subject that is named, and can be told not to", async () => {
    const person = (subjectId: string) => ({
      subjectType: "person",
      subjectId,
      sourceId: subjectId,
      content: "I like tea",
    });
    const finder = await over([person("Caroline"), person("Melanie")]);
    expect(await finder.places("What does Caroline like?")).toEqual([0, 1]);
    expect(await finder.places("What does Melanie like?")).toEqual([1, 0]);
    const off = { previous: 0, participant: 0, question: 0 };
    const { results } = await finder.find("What does Caroline like?", { terms: off });
    expect(results.map((one) => one.signals.participant)).toEqual([null, null]);
    expect(results[0]!.score).toBeCloseTo(results[1]!.score, 9);
  });

  it("prefers what was written lately, and what is held for sure, where it is asked to", async () => {
    const content = "The office is in Lisbon";
    const finder = await over([
      { content, updateTime: new Date(Date.now() - 300 * DAY), confidence: 1 },
      { content, updateTime: new Date(), confidence: 0.2 },
    ]);
    for (const mode of ["hybrid", "semantic", "lexical"] as const) {
      const lately = { recency: 0.2, recencyHalfLifeMs: 30 * DAY };
      expect((await finder.places("office Lisbon", { mode, terms: lately }))[0], mode).toBe(1);
      expect((await finder.places("office Lisbon", { mode, terms: { confidence: 1 } }))[0], mode).toBe(0);
    }
  });

  it("can do without late interaction", async () => {
    const finder = await over([{ content: "The office is in Lisbon" }]);
    expect((await finder.find("Lisbon office")).results[0]!.signals.lateInteraction).toBeGreaterThan(0.9);
    expect((await finder.find("Lisbon office", { rerank: false })).results[0]!.signals.lateInteraction).toBeNull();
    for (const mode of ["semantic", "lexical"] as const) {
      expect((await finder.find("Lisbon office", { mode })).results[0]!.signals.lateInteraction).toBeNull();
    }
  });

  it("shows one of what says nearly the same, with the others' ids", async () => {
    const finder = await over([
      { content: "The quarterly report for Berlin is late again this year, says Ann" },
      { content: "The quarterly report for Berlin is late again this year, says Ann!" },
      { content: "The quarterly report for Berlin is not late again this year, says Ann" },
      { content: "The 3rd quarterly report for Berlin is late again this year, says Ann" },
      { content: "Something else about Berlin" },
    ]);
    for (const mode of ["hybrid", "semantic", "lexical"] as const) {
      const { results } = await finder.find("late quarterly report Berlin", { mode, collapseDuplicates: true });
      expect(results, mode).toHaveLength(4);
      const [first] = results.filter((one) => one.duplicateIds.length > 0);
      expect([first!.memory.id, ...first!.duplicateIds].sort(), mode).toEqual(finder.ids.slice(0, 2));
    }
    expect((await finder.find("late quarterly report Berlin")).results).toHaveLength(5);
  });

  it("puts unlike results before like ones, as far as it is asked to", async () => {
    const finder = await over([
      ...Array.from({ length: 6 }, (_, i) => ({ content: `Travel plan ${i}: flights to Lisbon in spring` })),
      { content: "Travel insurance for all of us" },
    ]);
    const query = "travel plan flights to Lisbon in spring";
    expect((await finder.places(query)).indexOf(6)).toBe(6);
    expect((await finder.places(query, { diversity: 0.7 })).indexOf(6)).toBe(1);
    expect(new Set(await finder.places(query, { diversity: 1 })).size).toBe(7);
  });

  it("cuts what falls short of the score that is asked for", async () => {
    const finder = await over([{ content: "Lisbon office" }, { content: "Purple elephants" }]);
    const { results, summary } = await finder.find("Lisbon office", { minScore: 1.5 });
    expect(results.map((one) => one.memory.id)).toEqual([finder.ids[0]]);
    expect(summary.truncated).toBe(false);
  });
});
