import { afterAll, beforeAll, expect, it } from "vitest";
import { inWorkspace } from "../../src/storage/engine/session.ts";
import { describeOnEngines } from "../app/engines.ts";
import { Finder } from "./finder.ts";
import type { Database } from "./open-database.ts";
import { never, type SeedMemory } from "./seed.ts";
import { shareDatabase } from "./share-database.ts";

const AGENT = "0190a000-0000-7000-8000-00000000000a";
const OTHER = "0190a000-0000-7000-8000-00000000000b";
const past = new Date(Date.now() - 1000);
const theirs = { agentId: OTHER, visibility: "private" } as const;
const mine = { agentId: AGENT, visibility: "private" } as const;

const SEEN: readonly SeedMemory[] = [
  { content: "Who looks after the wedding llamas?", sourceId: "s1", agentId: AGENT },
  { content: "Zebulon does, on Tuesdays", sourceId: "s1", ...mine },
  { content: "The llamas of the wedding are white", sourceId: "s2" },
  { content: "Johnson wrote a dictionary", subjectType: "person", subjectId: "Johnson" },
  { content: "A wedding in Lisbon, at AT&T", tags: ["a"] },
  { content: "The wedding llamas of Mr Johnson are grey", embedded: false },
];

/** Each stands between two of those, in time. */
const UNSEEN: readonly SeedMemory[] = [
  { content: "Secret wedding llamas in secret", sourceId: "s1", ...theirs },
  { content: "Secret wedding llamas in secret", sourceId: "s1", ...mine, deleteTime: past },
  { content: "Jonhson Jonson Jonsson wedding", sourceId: "s2", expireTime: past },
  { content: "Jonsson's wedding", subjectType: "person", subjectId: "Lisbon", ...theirs },
  { content: "Zebulon #wedding llamas of AT&T", sourceId: "s1", tags: ["a"], ...theirs },
  { content: "The llamas of the wedding are white!", sourceId: "s2", ...theirs },
];

const QUERIES = [
  ...["wedding llamas", "Who looks after the wedding llamas?", "Jonhson", "Jonsson wedding", "Lisbon"],
  ...['"wedding llamas" -white', "secret", "Zebulon", "AT&T", "#wedding llamas", '"AT&T" wedding -#wedding'],
];
const WAYS = [
  ...[{}, { collapseDuplicates: true }, { diversity: 0.5 }, { minScore: 0.2, limit: 3 }, { limit: 100 }],
  ...[{ minSimilarity: 0.2, lexicalPassesSimilarity: true, collapseDuplicates: true, diversity: 0.5, minScore: 0.1 }],
  ...[{ filter: { tagsAny: ["a"] } }, { filter: { subjectType: "person" } }, { filter: { sourceId: "s1" } }],
];

describeOnEngines("what an agent may not see", (engine) => {
  let database: Database;

  beforeAll(async () => {
    database = await shareDatabase(engine);
  });
  afterAll(() => database.close());

  it("changes no result, order, score, signal, duplicate or summary", async () => {
    const id = (n: number) => `0190c000-0000-7000-8000-0000000000${String(n).padStart(2, "0")}`;
    const seen = SEEN.map((one, i) => ({ ...one, id: id(i * 10) }));
    const unseen = UNSEEN.map((one, i) => ({ ...one, id: id(i * 10 + 5) }));
    const alone = await Finder.over(database.storage, seen);
    const among = await Finder.over(database.storage, [...seen, ...unseen]);
    for (const query of QUERIES) {
      for (const mode of ["hybrid", "lexical", "semantic"] as const) {
        for (const way of WAYS) {
          const shown = async (finder: Finder) => {
            const { results, summary } = await finder.find(query, { mode, ...way }, AGENT);
            const { count, truncated, skipped, degraded } = summary;
            const found = results.map(({ memory, ...one }) => ({ ...one, id: memory.id, content: memory.content }));
            return { found, count, truncated, skipped, degraded };
          };
          expect(await shown(among), `${query} ${mode} ${JSON.stringify(way)}`).toEqual(await shown(alone));
        }
      }
    }
  });

  it("tells no word of a volume outside of it, nor of what is outside to a key of the volume", async () => {
    const { storage } = database;
    const { workspaceId } = (await Finder.over(storage, [{ content: "wedding llamas in here", visibility: "shared" }]))
      .caller;
    const spelt = async (agentId: string | null, volumeId: string | null) => {
      const wanted = [{ lexeme: "lama", beginnings: ["la", "ll"] }];
      const found = await storage.searches.similarLexemes({ workspaceId, agentId, volumeId }, wanted, never);
      return found.map((one) => one.lexeme);
    };
    expect(await spelt(AGENT, null)).toEqual(["llama"]);
    expect(await spelt(null, OTHER)).toEqual([]);
    const move = { name: null, text: "update memory set volume_id = $2::uuid where workspace_id = $1::uuid" };
    await storage.session.run(inWorkspace(workspaceId), move, [workspaceId, OTHER], null);
    expect(await spelt(null, null)).toEqual(["llama"]);
    expect(await spelt(null, OTHER)).toEqual(["llama"]);
    expect(await spelt(AGENT, null)).toEqual([]);
  });
});
