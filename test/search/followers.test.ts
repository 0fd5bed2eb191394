import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SearchCommand } from "../../src/domain/ports/search-store.ts";
import type { TenancyMode } from "../../src/storage/engine/tenancy.ts";
import { SqlSearchStore } from "../../src/storage/search/search-store.ts";
import { describeOnEngines, describeOnPostgres } from "../app/engines.ts";
import { ExplainingSession } from "./explaining-session.ts";
import { Finder } from "./finder.ts";
import { type Database, openDatabase } from "./open-database.ts";
import { makeWorkspace, never, type SeedMemory, seed } from "./seed.ts";

const AGENT = "0190a000-0000-7000-8000-00000000000a";
const OTHER = "0190a000-0000-7000-8000-00000000000b";
const WORDS = { text: "wedding llamas", language: "english", vector: null, filter: {}, perRetriever: 50 } as const;

/** As said in one conversation, one after the other. */
function talk(content: string, more: Partial<SeedMemory> = {}): SeedMemory {
  return { content, sourceKind: "chat", sourceId: "s1", ...more };
}

describeOnEngines("what follows the best candidates", (engine) => {
  let database: Database;

  beforeAll(async () => {
    database = await openDatabase(engine);
  });
  afterAll(() => database.close());

  async function candidates(finder: Finder, more: Partial<SearchCommand> = {}, agentId: string | null = null) {
    const access = { workspaceId: finder.caller.workspaceId, agentId, volumeId: null };
    const command = { ...WORDS, withNeighbours: true, ...more };
    const found = await database.storage.searches.candidates(access, command, never);
    return found.candidates.map((one) => finder.ids.indexOf(one.id)).sort((a, b) => a - b);
  }

  it("holds the phrases that every result holds, and no word that is excluded", async () => {
    const finder = await Finder.over(database.storage, [
      talk("Who looks after the wedding llamas?"),
      talk("Zebulon does"),
      talk("And who fetches the wedding llamas?", { sourceId: "s2" }),
      talk("Quixote does", { sourceId: "s2" }),
    ]);
    expect(await candidates(finder)).toEqual([0, 1, 2, 3]);
    expect(await candidates(finder, { phrases: ["wedding llamas"] })).toEqual([0, 2]);
    expect(await candidates(finder, { phrases: ["after the wedding llamas"] })).toEqual([0]);
    expect(await candidates(finder, { excluded: ["zebulon"] })).toEqual([0, 2, 3]);
    expect(await candidates(finder, { excluded: ["fetches"] })).toEqual([0, 1]);
    expect(await finder.places('"wedding llamas" -fetches')).toEqual([0]);
    expect(new Set(await finder.places('"does" -quixote'))).toEqual(new Set([0, 1, 2]));
  });

  it("is each memory's next by id, whenever it was written, and once", async () => {
    const id = (n: number) => `0190c000-0000-7000-8000-00000000000${n}`;
    const finder = await Finder.over(database.storage, [
      talk("Third", { id: id(3) }),
      talk("Second wedding llamas", { id: id(2) }),
      talk("Wedding llamas at first", { id: id(1) }),
      talk("Fourth", { id: id(4) }),
    ]);
    expect(await candidates(finder)).toEqual([0, 1, 2]);
  });

  it("is of the same owner for the workspace's own authority too", async () => {
    const finder = await Finder.over(database.storage, [
      talk("Wedding llamas", { agentId: AGENT, visibility: "private" }),
      talk("Of another", { agentId: OTHER, visibility: "private" }),
      talk("Of nobody"),
      talk("Of the same", { agentId: AGENT, visibility: "private" }),
    ]);
    expect(await candidates(finder)).toEqual([0, 3]);
    expect(await candidates(finder, {}, AGENT)).toEqual([0, 3]);
    expect(await candidates(finder, {}, OTHER)).toEqual([]);
  });

  it("is none for memories without a source, nor in the other modes", async () => {
    const finder = await Finder.over(database.storage, [
      { content: "Wedding llamas", sourceKind: "chat" },
      { content: "Zebulon", sourceKind: "chat" },
      talk("More wedding llamas"),
      talk("Quixote", { embedded: false }),
    ]);
    expect(await candidates(finder)).toEqual([0, 2, 3]);
    expect(await finder.places("wedding llamas", { mode: "lexical" })).toEqual([2, 0]);
    expect(await finder.places("wedding llamas", { mode: "semantic" })).not.toContain(3);
    expect(await finder.places("wedding llamas", { terms: { previous: 0, source: 0 } })).not.toContain(3);
    expect(await finder.places("wedding llamas")).toContain(3);
  });

  it("brings no more than were asked for", async () => {
    const some = Array.from({ length: 60 }, (_, i) => talk(`Wedding llamas ${i}`, { sourceId: `s${i % 30}` }));
    const finder = await Finder.over(database.storage, some);
    for (const limit of [1, 10, 59, 60, 100]) {
      const { ids, summary } = await finder.find("wedding llamas", { limit });
      expect(new Set(ids).size, String(limit)).toBe(Math.min(limit, 60));
      expect(summary).toMatchObject({ count: ids.length, truncated: false });
    }
  });
});

describeOnPostgres("where nearly all memories are of one source", () => {
  let database: Database;
  let admin: pg.Client;

  beforeAll(async () => {
    database = await openDatabase("postgres");
    admin = new pg.Client({ connectionString: database.url! });
    await admin.connect();
  });
  afterAll(async () => {
    await admin.end();
    await database.close();
  });

  it("reads on along the source's index, at most 8 memories, whatever the planner takes sources for", async () => {
    const owners = [AGENT, OTHER];
    const some = Array.from({ length: 3000 }, (_, i) => talk(`Llama ${i}`, { agentId: owners[Number(i % 20 > 0)]! }));
    const finder = await Finder.over(database.storage, [...some, talk("Wedding llamas", { sourceId: "s2" })]);
    await admin.query("vacuum analyze memory");
    const session = new ExplainingSession(database.storage.session);
    const searches = new SqlSearchStore(session, database.storage.tenancy);
    for (const agentId of [null, AGENT]) {
      for (const filter of [{}, { sourceKind: "chat" }]) {
        const access = { workspaceId: finder.caller.workspaceId, agentId, volumeId: null };
        await searches.candidates(access, { ...WORDS, filter, withNeighbours: true }, never);
      }
    }
    expect(session.plans.length).toBeGreaterThanOrEqual(4);
    for (const { text } of session.plans) {
      expect(text.match(/Index Scan Backward using memory_source/g)).toHaveLength(2);
      expect(text.match(/Index Scan using memory_source/g)?.length).toBeGreaterThanOrEqual(2);
      expect(text.match(/Index Cond: .*ROW\(source_kind, source_id, id\) [<>] /g)).toHaveLength(2);
    }
  });
});

describeOnEngines("what stands next to a candidate", (engine) => {
  describe.each<TenancyMode>(["rls-only", "predicates-only", "both"])("with one isolation layer (%s)", (mode) => {
    let database: Database;

    beforeAll(async () => {
      database = await openDatabase(engine, mode);
    });
    afterAll(() => database.close());

    it("never comes from another workspace, though source, owner and even ids are the same", async () => {
      const { storage } = database;
      const [mine, theirs] = [await makeWorkspace(storage), await makeWorkspace(storage)];
      const id = (n: number) => `0190c000-0000-7000-8000-00000000000${n}`;
      const own = { agentId: AGENT, visibility: "shared" } as const;
      await seed(storage, mine, [talk("Yes, wedding llamas", { ...own, id: id(2) })]);
      await seed(storage, theirs, [
        talk("Secret wedding llamas", { ...own, id: id(1) }),
        talk("Their wedding llamas", { ...own, id: id(2) }),
        talk("Secret wedding", { ...own, id: id(3) }),
      ]);
      for (const agentId of [null, AGENT]) {
        for (const filter of [{}, { sourceId: "s1" }]) {
          const access = { workspaceId: mine, agentId, volumeId: null };
          const command = { ...WORDS, filter, withTexts: true, withNeighbours: true };
          const { candidates } = await storage.searches.candidates(access, command, never);
          expect(candidates.map((one) => [one.id, one.text, one.previousLexemes])).toEqual([
            [id(2), "Yes, wedding llamas", null],
          ]);
        }
      }
    });
  });
});
