import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asOperator, inWorkspace, type Row } from "../../src/storage/engine/session.ts";
import type { TenancyMode } from "../../src/storage/engine/tenancy.ts";
import { describeOnEngines } from "../app/engines.ts";
import { type Database, openDatabase } from "../search/open-database.ts";
import { makeWorkspace, seed } from "../search/seed.ts";

const MODES: readonly TenancyMode[] = ["rls-only", "predicates-only"];
const VECTOR = Float32Array.of(0, 1, 0, 0);

describeOnEngines("a generation that is built", (engine) => {
  describe.each(MODES)("between workspaces, with one isolation layer (%s)", (mode) => {
    let database: Database;
    let mine: string;
    let theirs: string;
    let generation: number;

    beforeAll(async () => {
      database = await openDatabase(engine, mode);
      mine = await makeWorkspace(database.storage);
      theirs = await makeWorkspace(database.storage);
      const { generations } = database.storage;
      await seed(database.storage, mine, [{ content: "mine before" }]);
      generation = await generations.ensure("another", 4);
      expect(await generations.startBuild(generation)).toBe(true);
      await seed(database.storage, mine, [{ content: "mine after" }]);
      await seed(database.storage, theirs, [{ content: "theirs" }]);
    });
    afterAll(() => database.close());

    function sql(workspaceId: string, text: string): Promise<readonly Row[]> {
      return database.storage.session.run(inWorkspace(workspaceId), { name: null, text }, [workspaceId], null);
    }

    it("notes, claims, completes and clears in the workspace that is meant", async () => {
      const { generations, embeddingBacklog: backlog } = database.storage;
      while (!(await generations.scan(generation)));
      const claimed = await backlog.claim(100, 60_000);
      const texts = (workspaceId: string) =>
        claimed.flatMap((one) => (one.workspaceId === workspaceId ? [one.text] : [])).sort();
      expect([texts(mine), texts(theirs)]).toEqual([["mine after", "mine before"], ["theirs"]]);
      const own = claimed.filter((one) => one.workspaceId === mine);
      const alien = claimed.find((one) => one.workspaceId === theirs);
      // Another workspace's memory under this one's id.
      const forged = { ...own[0]!, memoryId: alien!.memoryId, vector: VECTOR };
      expect(await backlog.complete(generation, [forged])).toBe(0);
      await backlog.release([{ ...own[0]!, memoryId: alien!.memoryId }], 0, 1);
      expect(
        await backlog.complete(
          generation,
          own.map((one) => ({ ...one, vector: VECTOR })),
        ),
      ).toBe(2);
      const left = "select b.state from embedding_backlog b where b.workspace_id = $1::uuid";
      expect([await sql(mine, left), await sql(theirs, left)]).toEqual([[], [{ state: 2 }]]);
    });

    it("embeds what is left of every workspace in the transaction that activates it", async () => {
      const { generations, session } = database.storage;
      const asked: string[] = [];
      const isActive = await generations.activate(generation, async (missing) => {
        asked.push(...missing.map((one) => one.text));
        return missing.map((one) => ({ ...one, vector: VECTOR }));
      });
      expect([isActive, asked]).toEqual([true, ["theirs"]]);
      expect(await generations.coverage(generation)).toMatchObject({ memories: 3, attached: 3, missing: 0 });
      const text = "select id from embedding_generation where state = 2";
      expect(await session.run(asOperator, { name: null, text }, [], null)).toEqual([{ id: generation }]);
    });
  });

  it("is left as it was where its provider fails in the last moment, or too much is missing", async () => {
    const database = await openDatabase(engine);
    try {
      const { generations } = database.storage;
      const workspaceId = await makeWorkspace(database.storage);
      const generation = await generations.ensure("another", 4);
      await generations.startBuild(generation);
      await seed(
        database.storage,
        workspaceId,
        Array.from({ length: 257 }, (_, i) => ({ content: `text ${i}` })),
      );
      const vectors = async (missing: readonly object[]) => missing.map((one) => ({ ...one, vector: VECTOR })) as never;
      expect(await generations.activate(generation, vectors)).toBe(false);
      while (!(await generations.scan(generation)));
      expect(await generations.activate(generation, vectors)).toBe(false);
      await database.storage.session.run(
        inWorkspace(workspaceId),
        { name: null, text: "delete from memory where content = 'text 7' and workspace_id = $1::uuid" },
        [workspaceId],
        null,
      );
      const failure = new Error("down");
      const failing = generations.activate(generation, () => Promise.reject(failure));
      await expect(failing).rejects.toBe(failure);
      expect((await generations.list()).map((one) => one.state)).toEqual(["active", "building"]);
      expect(await generations.activate(generation, vectors)).toBe(true);
      expect((await generations.list()).map((one) => one.state)).toEqual(["retired", "active"]);
    } finally {
      await database.close();
    }
  });
});
