import { afterAll, beforeAll, expect, it } from "vitest";
import type { MemoryFilter } from "../../src/domain/memory.ts";
import type { Access } from "../../src/domain/ports/memory-store.ts";
import type { SearchCommand } from "../../src/domain/ports/search-store.ts";
import { rank } from "../../src/domain/ranking/rank.ts";
import { DEFAULT_TERMS } from "../../src/domain/ranking/ranking-terms.ts";
import type { Candidates } from "../../src/domain/search.ts";
import { atOnce } from "../../src/domain/slices.ts";
import { inWorkspace } from "../../src/storage/engine/session.ts";
import { describeOnEngines } from "../app/engines.ts";
import { builtInEmbedder } from "../embeddings/built-in-embedder.ts";
import { type Database, openDatabase } from "./open-database.ts";
import { makeWorkspace, never, type SeedMemory, seed } from "./seed.ts";

const AGENT = "0190a000-0000-7000-8000-00000000000a";
const OTHER = "0190a000-0000-7000-8000-00000000000b";
const PITCH: SeedMemory = {
  content:
    "Pitched automated follow-up sequences to Sarah. Angle: their team is stretched thin; sequences save 3 hours per week.",
  metadata: { stated_need: "less manual work", open_angles: ["ROI calculator — show dollar value of time saved"] },
};
const DISTRACTORS = Array.from({ length: 2000 }, (_, i) => ({
  content: `Note ${i}: the weekly meeting with customer ${i * 7} moved to room ${i % 40}, ${NAMES(i)} will follow the plan.`,
}));

function NAMES(i: number): string {
  return ["Ann", "Bob", "Carla", "Dan", "Eve"][i % 5]!;
}

function viewOf(workspaceId: string, agentId: string | null = null): Access {
  return { workspaceId, agentId, volumeId: null };
}

describeOnEngines("search store", (engine) => {
  let database: Database;

  beforeAll(async () => {
    database = await openDatabase(engine);
  });
  afterAll(() => database.close());

  async function find(access: Access, text: string, more: Partial<SearchCommand> = {}): Promise<Candidates> {
    const [values] = await builtInEmbedder.embed([text], never);
    const vector = values ? { generation: 1, values } : null;
    const command = { text, language: "english", vector, filter: {}, perRetriever: 50, ...more };
    return database.storage.searches.candidates(access, command, never);
  }

  async function best(access: Access, text: string, more: Partial<SearchCommand> = {}): Promise<string[]> {
    const rules = { mode: "hybrid", minScore: null, minSimilarity: null, lexicalPassesSimilarity: false } as const;
    const query = { text, similar: [], rerank: true, terms: DEFAULT_TERMS, tokens: null };
    return atOnce(rank(await find(access, text, more), rules, query)).map((one) => one.id);
  }

  async function workspace(memories: readonly SeedMemory[]): Promise<{ access: Access; ids: string[] }> {
    const id = await makeWorkspace(database.storage);
    return { access: viewOf(id), ids: await seed(database.storage, id, memories) };
  }

  it("finds a memory among 2,000 by what it says and by words that only its metadata has", async () => {
    const { access, ids } = await workspace([...DISTRACTORS.slice(0, 1000), PITCH, ...DISTRACTORS.slice(1000)]);
    expect((await best(access, "stretched thin on follow-up"))[0]).toBe(ids[1000]);
    expect((await best(access, "ROI calculator"))[0]).toBe(ids[1000]);
    expect((await best(access, "ROI calculator", { vector: null }))[0]).toBe(ids[1000]);
    expect((await best(access, "stretched thin on follow-up", { text: null }))[0]).toBe(ids[1000]);
  });

  it("says which of the query's lexemes a candidate has, and its cosine whichever retriever brought it", async () => {
    const { access, ids } = await workspace([{ content: "Pricing calls" }, { content: "Unrelated words" }]);
    const found = await find(access, "the price of a call");
    expect(found.words).toEqual([
      { lexeme: "call", word: "call", compound: false },
      { lexeme: "price", word: "price", compound: false },
    ]);
    const byId = new Map(found.candidates.map((one) => [one.id, one]));
    expect([...byId.get(ids[0]!)!.lexemes].sort()).toEqual(["call", "price"]);
    expect(byId.get(ids[0]!)!.cosine).toBeGreaterThan(0.3);
    expect(byId.get(ids[1]!)!.lexemes).toEqual([]);
    expect(byId.get(ids[1]!)!.cosine).not.toBeNull();
    expect(found.truncated).toBe(false);
  });

  it("finds a memory by its words before it has a vector", async () => {
    const { access, ids } = await workspace([{ content: "Pending thoughts about llamas", embedded: false }]);
    const found = await find(access, "llamas");
    expect(found.candidates).toMatchObject([{ id: ids[0], cosine: null, lexemes: ["llama"] }]);
  });

  it("does not use the vector of a text that has changed since", async () => {
    const { access, ids } = await workspace([{ content: "The capital of Peru is Lima" }]);
    await database.storage.session.run(
      { role: "cairn_app", workspaceId: access.workspaceId },
      { name: null, text: "update memory set content = 'Something else', content_revision = 2 where id = $1" },
      [ids[0]!],
      null,
    );
    expect((await find(access, "capital of Peru")).candidates).toEqual([]);
    expect((await find(access, "something else")).candidates).toMatchObject([{ id: ids[0], cosine: null }]);
  });

  it("never shows what is deleted, expired, or another agent's own", async () => {
    const past = new Date(Date.now() - 1000);
    const later = new Date(Date.now() + 3_600_000);
    const text = "Quarterly revenue target for llamas";
    const { access, ids } = await workspace([
      { content: text, expireTime: later },
      { content: text, deleteTime: past },
      { content: text, expireTime: past },
      { content: text, visibility: "private", agentId: AGENT },
      { content: text, visibility: "private", agentId: OTHER },
      { content: text, visibility: "private", agentId: null },
      { content: text, visibility: "shared", agentId: OTHER },
    ]);
    const all = [ids[0], ids[3], ids[4], ids[5], ids[6]];
    expect(new Set(await best(access, "revenue llamas"))).toEqual(new Set(all));
    const seen = new Set([ids[0], ids[3], ids[6]]);
    expect(new Set(await best(viewOf(access.workspaceId, AGENT), "revenue llamas"))).toEqual(seen);
    const filter = { kinds: ["note"] };
    expect(new Set(await best(viewOf(access.workspaceId, AGENT), "revenue llamas", { filter }))).toEqual(seen);
  });

  it("stays inside the workspace", async () => {
    const mine = await workspace([{ content: "canary llamas" }]);
    const theirs = await workspace([{ content: "canary llamas" }]);
    expect(await best(mine.access, "canary llamas")).toEqual(mine.ids);
    expect(await best(theirs.access, "canary llamas", { filter: { kinds: ["note"] } })).toEqual(theirs.ids);
  });

  it("finds the one of 10,000 that a filter leaves, however far it is from the query", async () => {
    const crowd = Array.from({ length: 9999 }, (_, i) => ({ content: `alpha beta gamma ${i}`, tags: ["crowd"] }));
    const rare: SeedMemory = {
      content: "Zebra crossing",
      kind: "rare",
      tags: ["x", "y"],
      metadata: { only: { here: [1, 2] } },
    };
    const { access, ids } = await workspace([...crowd.slice(0, 5000), rare, ...crowd.slice(5000)]);
    const filters: MemoryFilter[] = [
      { kinds: ["rare", "none"] },
      { tagsAny: ["y", "z"] },
      { tagsAll: ["x", "y"] },
      { tagsNone: ["crowd"] },
      { metadata: { only: { here: [2] } } },
      { subjectType: "self", kinds: ["rare"], tagsAny: ["x"] },
    ];
    for (const filter of filters) {
      const found = await find(access, "alpha beta gamma", { filter });
      expect(
        found.candidates.map((one) => one.id),
        JSON.stringify(filter),
      ).toEqual([ids[5000]]);
      expect(found.truncated).toBe(false);
    }
  });

  it("finds a rare word's memory that a common word of the query would crowd out", async () => {
    const crowd = Array.from({ length: 12_000 }, (_, i) => ({ content: `common ${i}`, embedded: false }));
    const rare = [
      { content: "common quokka", embedded: false },
      { content: "quokka alone", embedded: false },
    ];
    const { access, ids } = await workspace([...crowd, ...rare]);
    expect((await best(access, "common quokka", { vector: null })).slice(0, 2)).toEqual([ids[12_000], ids[12_001]]);
  });

  it("finds an agent's few memories among many that it may not see", async () => {
    const crowd = Array.from({ length: 5000 }, (_, i) => ({
      content: `alpha beta gamma ${i}`,
      visibility: "private" as const,
      agentId: OTHER,
    }));
    const own = { content: "delta epsilon", visibility: "private" as const, agentId: AGENT };
    const { access, ids } = await workspace([...crowd, own]);
    const found = await find(viewOf(access.workspaceId, AGENT), "alpha beta gamma");
    expect(found.candidates.map((one) => one.id)).toEqual([ids[5000]]);
    expect(found.truncated).toBe(false);
  });

  it("takes any text for a query: operators, quotes, backslashes and nothing at all", async () => {
    const { access, ids } = await workspace([
      { content: "O'Brien's C:\\temp & (foo|bar):* !baz user@example.com/path" },
    ]);
    for (const text of [
      "O'Brien's",
      "C:\\temp\\",
      "foo & !bar:*",
      "''",
      "user@example.com/path",
      "\\",
      "a:b 'c",
      "()|&",
    ]) {
      await expect(find(access, text), text).resolves.toMatchObject({ truncated: false });
    }
    expect(await best(access, "O'Brien", { vector: null })).toEqual(ids);
    expect((await find(access, "🙂")).candidates).toEqual([]);
  });

  it("gives texts where they are asked for", async () => {
    const { access } = await workspace([{ title: "T", content: "llama", metadata: { a: "leaf", n: 1.5 } }]);
    expect((await find(access, "llama")).candidates[0]?.text).toBe("");
    expect((await find(access, "llama", { withTexts: true })).candidates[0]?.text).toBe("T\nllama\nleaf\n1.5");
  });

  it("does nothing for a caller who has left", async () => {
    const { access } = await workspace([{ content: "llama" }]);
    const command = { text: "llama", language: "english", vector: null, filter: {}, perRetriever: 50 };
    const gone = AbortSignal.abort();
    await expect(database.storage.searches.candidates(access, command, gone)).rejects.toMatchObject({
      reason: "CANCELLED",
    });
  });

  it("says how long a search waited for its turn", async () => {
    const { access } = await workspace([{ content: "llama" }]);
    const { session, searches } = database.storage;
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const holders = Array.from({ length: engine === "pglite" ? 1 : 4 }, () =>
      session.transaction(inWorkspace(access.workspaceId), null, () => released),
    );
    const { signal } = new AbortController();
    const command = { text: "llama", language: "english", vector: null, filter: {}, perRetriever: 50 };
    const found = searches.candidates(access, command, signal);
    setTimeout(release, 60);
    await Promise.all(holders);
    expect((await found).candidates).toHaveLength(1);
    expect(searches.waitedMs(signal)).toBeGreaterThanOrEqual(50);
    expect(searches.waitedMs(new AbortController().signal)).toBe(0);
  });
});
