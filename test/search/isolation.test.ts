import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SearchCommand } from "../../src/domain/ports/search-store.ts";
import { SqlEmbeddingQueue } from "../../src/storage/embeddings/embedding-queue.ts";
import { asOperator, inWorkspace, type Row } from "../../src/storage/engine/session.ts";
import type { TenancyMode } from "../../src/storage/engine/tenancy.ts";
import { describeOnEngines } from "../app/engines.ts";
import { builtInEmbedder } from "../embeddings/built-in-embedder.ts";
import { type Database, openDatabase } from "./open-database.ts";
import { makeWorkspace, never, type SeedMemory, seed } from "./seed.ts";

const MODES: readonly TenancyMode[] = ["rls-only", "predicates-only"];
const CANARY = "the canary #7 sings of llamas at AT&T";
const DAY = 24 * 3600 * 1000;

describeOnEngines("search and its workers", (engine) => {
  describe.each(MODES)("between workspaces, with one isolation layer (%s)", (mode) => {
    let database: Database;
    let mine: string;
    let theirs: string;
    let ids: string[];

    beforeAll(async () => {
      database = await openDatabase(engine, mode);
      mine = await makeWorkspace(database.storage);
      theirs = await makeWorkspace(database.storage);
      ids = await seed(database.storage, mine, [{ content: CANARY, tags: ["t"] }]);
      const more: SeedMemory[] = Array.from({ length: 30 }, () => ({ content: CANARY, tags: ["t"] }));
      await seed(database.storage, theirs, more);
    });
    afterAll(() => database.close());

    async function sql(workspaceId: string, text: string): Promise<readonly Row[]> {
      return database.storage.session.run(inWorkspace(workspaceId), { name: null, text }, [workspaceId], null);
    }

    async function found(more: Partial<SearchCommand>): Promise<string[]> {
      const [values] = await builtInEmbedder.embed([CANARY], never);
      const vector = { generation: 1, values: values! };
      const command = {
        text: CANARY,
        language: "english",
        vector,
        filter: {},
        perRetriever: 50,
        withTexts: true,
        ...more,
      };
      const access = { workspaceId: mine, agentId: null, volumeId: null };
      return (await database.storage.searches.candidates(access, command, never)).candidates.map((one) => one.id);
    }

    it("finds its own alone: by either retriever, with a filter and without, in either tier", async () => {
      const everyWay = async () => [
        await found({}),
        await found({ text: null }),
        await found({ vector: null }),
        await found({ filter: { tagsAny: ["t"] } }),
        await found({ text: "#7", vector: null }),
        await found({ text: "AT&T", vector: null }),
      ];
      expect(await everyWay()).toEqual(Array(6).fill(ids));
      const update = "update memory_embedding e set indexed = true where e.workspace_id = $1::uuid";
      for (const workspaceId of [mine, theirs]) await sql(workspaceId, update);
      expect(await everyWay()).toEqual(Array(6).fill(ids));
    });

    it("promotes, requeues and completes in the workspace that is meant", async () => {
      const { session, tenancy } = database.storage;
      const tails = "select count(*) from memory_embedding e where e.workspace_id = $1::uuid and not e.indexed";
      for (const workspaceId of [mine, theirs]) {
        await sql(workspaceId, "update memory_embedding e set indexed = false where e.workspace_id = $1::uuid");
      }
      const queue = new SqlEmbeddingQueue(session, tenancy, { largeFrom: 5, tail: 5, batchSize: 100 });
      expect((await queue.promote(1)).moved).toBe(30);
      expect(await sql(mine, tails)).toEqual([{ count: 1 }]);

      await sql(mine, "update memory m set embedding_status = 2 where m.workspace_id = $1::uuid");
      const claimed = await queue.claim(100, 60_000);
      expect(claimed).toMatchObject([{ workspaceId: mine, memoryId: ids[0] }]);
      // One that names another workspace's memory under this one's id.
      const [alien] = await sql(theirs, "select m.id from memory m where m.workspace_id = $1::uuid limit 1");
      const forged = { ...claimed[0]!, memoryId: alien!.id as string };
      expect(await queue.complete(1, [{ ...forged, vector: null }])).toBe(0);
      expect(await queue.complete(1, [{ ...claimed[0]!, vector: null }])).toBe(1);
    });

    it("sweeps by each workspace's own retention", async () => {
      const content = CANARY;
      const deleteTime = new Date(Date.now() - 10 * DAY);
      for (const workspaceId of [mine, theirs]) await seed(database.storage, workspaceId, [{ content, deleteTime }]);
      const shorter = "update workspace set retention_ms = 1000 where id = $1::uuid";
      await database.storage.session.run(asOperator, { name: null, text: shorter }, [theirs], null);
      expect(await database.storage.sweeper.sweep(100, never)).toMatchObject({ memories: 1 });
      const deleted = "select count(*) from memory m where m.workspace_id = $1::uuid and m.delete_time is not null";
      expect([await sql(mine, deleted), await sql(theirs, deleted)]).toEqual([[{ count: 1 }], [{ count: 0 }]]);
    });
  });
});
