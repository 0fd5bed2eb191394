import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MemoryStore } from "../../src/domain/ports/memory-store.ts";
import { describeOnEngines } from "../app/engines.ts";
import { type Database, openDatabase } from "../search/open-database.ts";
import { ALL, ids, item, Tenant } from "./tenant.ts";

const CANARY = "canary-7f3a";

describeOnEngines("two workspaces", (engine) => {
  describe.each(["both", "rls-only", "predicates-only"] as const)("kept apart by %s", (tenancy) => {
    let database: Database;
    let own: Tenant;
    let victim: Tenant;
    let memories: MemoryStore;
    /** Live, deleted, and with a key; all of the victim. */
    let targets: readonly string[];
    const agentId = ids.next();
    const subject = { agentId, subjectType: "contact", subjectId: "c", kind: "k", key: "key" };

    beforeAll(async () => {
      database = await openDatabase(engine, tenancy);
      memories = database.storage.memories;
      own = await Tenant.make(database.storage);
      victim = await Tenant.make(database.storage);
      const body = {
        content: CANARY,
        tags: [CANARY],
        linkedEntities: [{ type: CANARY, id: CANARY }],
        visibility: "shared",
      } as const;
      const request = { requestId: "r", method: "WriteMemory", bodyHash: "h" };
      const keyed = await victim.put({ ...body, ...subject }, { request });
      const live = await victim.put(body);
      const deleted = await victim.put(body);
      await memories.delete(victim.mutation(), deleted.memory.id, null);
      targets = [keyed.memory.id, live.memory.id, deleted.memory.id];
    });
    afterAll(async () => {
      for (const id of targets.slice(0, 2)) {
        expect(await victim.get(id)).toMatchObject({ content: CANARY, revision: 1 });
      }
      await database.close();
    });

    it("read nothing of each other by id", async () => {
      for (const id of targets) {
        expect(await own.get(id, null, ALL)).toBeNull();
        await expect(own.revisions(id)).rejects.toMatchObject({ reason: "MEMORY_NOT_FOUND" });
      }
      expect(await memories.getLive(own.access(), targets, {}, own.signal)).toEqual([]);
    });

    it.each([
      {},
      { tagsAny: [CANARY] },
      { tagsAll: [CANARY] },
      { linkedEntity: { type: CANARY, id: CANARY } },
      { subjectType: "contact" },
      { agentId },
      { visibility: "shared" as const },
    ])("list nothing of each other: %j", async (filter) => {
      const command = { filter, beforeId: null, limit: 100, ...ALL };
      expect(await memories.list(own.access(), command, own.signal)).toEqual([]);
      expect(await memories.list(own.access(ids.next()), command, own.signal)).toEqual([]);
    });

    it("change nothing of each other", async () => {
      const notFound = { reason: "MEMORY_NOT_FOUND" };
      for (const id of targets) {
        const patch = { title: "owned" };
        await expect(memories.update(own.mutation(), { id, patch, expectedRevision: null })).rejects.toMatchObject(
          notFound,
        );
        await expect(memories.delete(own.mutation(), id, null)).rejects.toMatchObject(notFound);
        await expect(memories.restore(own.mutation(), id, null)).rejects.toMatchObject(notFound);
        await expect(memories.purge(own.mutation(), id, null)).rejects.toMatchObject(notFound);
      }
    });

    it("have tuples, tags and requests of their own", async () => {
      const body = { ...subject, content: "mine", tags: ["mine"] };
      const request = { requestId: "r", method: "WriteMemory", bodyHash: "other" };
      const first = await own.put(body, { request, keyId: victim.keyId });
      expect(first.outcome).toBe("created");
      await expect(own.put({ ...body, mode: "create_only" })).rejects.toMatchObject({
        metadata: { memory_id: first.memory.id },
      });
      const updated = await own.put({
        ...body,
        content: "mine again",
        tags: [],
        mode: "update_only",
        expectedRevision: 1,
      });
      expect(updated.outcome).toBe("updated");
      await memories.purge(own.mutation(), first.memory.id, null);
      const again = await victim.write([item({ ...subject, content: "x" })], {
        request: { ...request, bodyHash: "h" },
      });
      expect(again.replayed).toBe(true);
      const tagged = {
        filter: { tagsAny: [CANARY] },
        beforeId: null,
        limit: 10,
        showDeleted: false,
        showExpired: false,
      };
      expect(await memories.list(victim.access(), tagged, victim.signal)).toHaveLength(2);
    });

    it("cannot take each other's id for a new memory's and read or change what is there", async () => {
      const taken = targets[1]!;
      const mine = await own.put({ id: taken, content: "mine" });
      expect(mine.outcome).toBe("created");
      expect(await own.get(taken)).toMatchObject({ content: "mine", tags: [] });
      expect(await own.revisions(taken)).toHaveLength(1);
      await memories.update(own.mutation(), {
        id: taken,
        patch: { tags: ["mine"], title: "t" },
        expectedRevision: null,
      });
      await memories.purge(own.mutation(), taken, null);
      expect(await victim.get(taken)).toMatchObject({ content: CANARY, tags: [CANARY], revision: 1 });
      expect(await victim.revisions(taken)).toHaveLength(1);
    });
  });
});
