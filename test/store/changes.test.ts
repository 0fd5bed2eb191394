import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { MemoryPatch } from "../../src/domain/ports/memory-store.ts";
import { describeOnEngines } from "../app/engines.ts";
import type { Database } from "../search/open-database.ts";
import { shareDatabase } from "../search/share-database.ts";
import { ALL, ids, pause, Tenant, vectorAt } from "./tenant.ts";

describeOnEngines("changes by id", (engine) => {
  let database: Database;
  let tenant: Tenant;
  beforeAll(async () => {
    database = await shareDatabase(engine);
  });
  beforeEach(async () => {
    tenant = await Tenant.make(database.storage);
  });
  afterAll(() => database.close());

  const update = (
    id: string,
    patch: MemoryPatch,
    expectedRevision: number | null = null,
    mutation = tenant.mutation(),
  ) => tenant.storage.memories.update(mutation, { id, patch, expectedRevision });
  const remove = (id: string, expectedRevision: number | null = null, mutation = tenant.mutation()) =>
    tenant.storage.memories.delete(mutation, id, expectedRevision);
  const restore = (id: string, expectedRevision: number | null = null, mutation = tenant.mutation()) =>
    tenant.storage.memories.restore(mutation, id, expectedRevision);
  const purge = (id: string, expectedRevision: number | null = null, mutation = tenant.mutation()) =>
    tenant.storage.memories.purge(mutation, id, expectedRevision);

  const BODY = {
    title: "Colours",
    content: "other words",
    metadata: { a: [1] },
    visibility: "shared",
    tags: ["x", "y"],
    linkedEntities: [{ type: "a", id: "1" }],
    confidence: 0.25,
    sourceKind: "email",
    sourceId: "e",
    sourceContext: "c",
    provenance: "p",
    parentMemoryId: ids.next(),
    expireTime: new Date(Date.now() + 3_600_001),
    expireReason: "r",
    shapeId: ids.next(),
    kind: "preference",
  } as const;

  describe("update", () => {
    it.each(Object.entries(BODY))(
      "sets %s and nothing else, clears it again, and knows when it is the same",
      async (field, value) => {
        const { memory } = await tenant.put();
        const updated = await update(memory.id, { [field]: value } as MemoryPatch);
        expect(updated.outcome).toBe("updated");
        expect(updated.memory).toMatchObject({ [field]: value, revision: 2 });
        const isText = ["title", "content", "metadata"].includes(field);
        const { updateTime } = updated.memory;
        expect(updated.memory).toEqual({ ...memory, [field]: value, revision: 2, updateTime });
        expect(await tenant.rows("select content_revision as n from memory")).toEqual([{ n: isText ? 2 : 1 }]);
        const same = await update(memory.id, { [field]: value } as MemoryPatch);
        expect([same.outcome, same.memory.revision]).toEqual(["unchanged", 2]);
        const back = await update(memory.id, { [field]: memory[field as keyof typeof memory] } as MemoryPatch);
        expect(back.memory).toEqual({ ...memory, revision: 3, updateTime: back.memory.updateTime });
        expect(await tenant.get(memory.id)).toEqual(back.memory);
        expect((await tenant.revisions(memory.id)).map((one) => one.revision)).toEqual([3, 2, 1]);
      },
    );

    it("asks for a new vector where the text changes, and keeps the vector where it does not", async () => {
      const { memory } = await tenant.put({ embedding: { generation: 1, vector: vectorAt(1) } });
      expect((await update(memory.id, { confidence: 0.5 })).memory.embeddingStatus).toBe("attached");
      expect((await update(memory.id, { content: "new" })).memory.embeddingStatus).toBe("pending");
    });

    it("keeps tags and linked entities in step", async () => {
      const { memory } = await tenant.put({ tags: ["x", "y"], linkedEntities: [{ type: "a", id: "1" }] });
      await update(memory.id, { tags: ["y", "z"], linkedEntities: [] });
      expect(await tenant.rows("select tag from memory_tag order by tag")).toEqual([{ tag: "y" }, { tag: "z" }]);
      expect(await tenant.rows("select entity_id from memory_linked_entity")).toEqual([]);
    });

    it("never changes the kind of a memory with a key", async () => {
      const { memory } = await tenant.put({ key: "k" });
      await expect(update(memory.id, { kind: "other" })).rejects.toMatchObject({
        reason: "FIELD_IMMUTABLE",
        metadata: { field: "memory.kind" },
      });
      expect((await update(memory.id, { kind: memory.kind })).outcome).toBe("unchanged");
    });

    it("finds neither deleted nor expired memories", async () => {
      const deleted = (await tenant.put()).memory.id;
      await remove(deleted);
      const expired = (await tenant.put({ expireTime: new Date(Date.now() + 50) })).memory.id;
      await pause(70);
      for (const id of [deleted, expired, ids.next()]) {
        await expect(update(id, { title: "t" })).rejects.toMatchObject({
          reason: "MEMORY_NOT_FOUND",
          metadata: { memory_id: id },
        });
        await expect(remove(id)).rejects.toMatchObject({ reason: "MEMORY_NOT_FOUND" });
      }
    });

    it("can make a memory expire now", async () => {
      const { memory } = await tenant.put();
      const { memory: expired } = await update(memory.id, { expireTime: new Date(Date.now() - 5) });
      expect(expired.expireTime).not.toBeNull();
      expect(await tenant.get(memory.id)).toBeNull();
    });
  });

  it("compare expected_revision, and say what it is", async () => {
    const { memory } = await tenant.put();
    const mismatch = { reason: "REVISION_MISMATCH", metadata: { expected_revision: "7", revision: "1" } };
    await expect(update(memory.id, { title: "t" }, 7)).rejects.toMatchObject(mismatch);
    await expect(remove(memory.id, 7)).rejects.toMatchObject(mismatch);
    await expect(restore(memory.id, 7)).rejects.toMatchObject(mismatch);
    await expect(purge(memory.id, 7)).rejects.toMatchObject(mismatch);
    await expect(remove(ids.next(), 7)).rejects.toMatchObject({
      reason: "REVISION_MISMATCH",
      metadata: { expected_revision: "7" },
    });
    expect((await update(memory.id, { title: "t" }, 1)).memory.revision).toBe(2);
    expect((await remove(memory.id, 2)).memory.revision).toBe(3);
    expect((await restore(memory.id, 3)).memory.revision).toBe(4);
    await purge(memory.id, 4);
    expect(await tenant.get(memory.id, null, ALL)).toBeNull();
  });

  it("delete hides, restore brings back as it was, and both are revisions", async () => {
    const { memory } = await tenant.put({ tags: ["t"], expireTime: new Date(Date.now() + 3_600_000) });
    const deleted = await remove(memory.id);
    expect(deleted.memory).toMatchObject({ revision: 2, content: memory.content });
    expect(deleted.memory.deleteTime).toEqual(deleted.memory.updateTime);
    expect(await tenant.get(memory.id)).toBeNull();
    expect(await tenant.get(memory.id, null, { showDeleted: true, showExpired: false })).toEqual(deleted.memory);
    const restored = await restore(memory.id);
    expect(restored.outcome).toBe("revived");
    expect(restored.memory).toEqual({ ...memory, revision: 3, updateTime: restored.memory.updateTime });
    expect((await restore(memory.id)).outcome).toBe("unchanged");
    expect((await tenant.revisions(memory.id)).map((one) => one.change)).toEqual(["restored", "deleted", "created"]);
  });

  it("restore clears an expire_time that has passed, and keeps one that has not", async () => {
    const { memory } = await tenant.put({ expireTime: new Date(Date.now() + 50) });
    await pause(70);
    expect((await restore(memory.id)).memory.expireTime).toBeNull();
  });

  it("purge leaves one tombstone without content, of a live, a deleted and an expired memory alike", async () => {
    const live = (
      await tenant.put({
        content: "canary",
        key: "k",
        tags: ["canary"],
        embedding: { generation: 1, vector: vectorAt(1) },
      })
    ).memory.id;
    const deleted = (await tenant.put({ content: "canary" })).memory.id;
    await remove(deleted);
    const expired = (await tenant.put({ content: "canary", expireTime: new Date(Date.now() + 50) })).memory.id;
    await pause(70);
    for (const id of [live, deleted, expired]) {
      await purge(id);
      await expect(purge(id)).rejects.toMatchObject({ reason: "MEMORY_NOT_FOUND" });
      expect(await tenant.revisions(id)).toMatchObject([{ change: "purged", memory: null }]);
    }
    for (const table of ["memory", "memory_tag", "memory_linked_entity", "memory_embedding", "memory_revision"]) {
      expect(JSON.stringify(await tenant.rows(`select t::text from ${table} t`))).not.toContain("canary");
    }
    expect(await tenant.rows("select id from memory")).toEqual([]);
    expect((await tenant.put({ key: "k" })).outcome).toBe("created");
  });

  it("of a memory that may be read and not changed are refused as such; of a hidden one as of none", async () => {
    const [owner, other] = [ids.next(), ids.next()];
    const shared = (await tenant.put({ agentId: owner, visibility: "shared" })).memory.id;
    const hidden = (await tenant.put({ agentId: owner })).memory.id;
    const ownerless = (await tenant.put({ visibility: "private" })).memory.id;
    const calls = [
      (id: string) => update(id, { title: "t" }, null, tenant.as(other)),
      (id: string) => remove(id, null, tenant.as(other)),
      (id: string) => restore(id, null, tenant.as(other)),
      (id: string) => purge(id, null, tenant.as(other)),
    ];
    for (const call of calls) {
      await expect(call(shared)).rejects.toMatchObject({ reason: "NOT_OWNER", metadata: { memory_id: shared } });
      await expect(call(hidden)).rejects.toMatchObject({ reason: "MEMORY_NOT_FOUND" });
      await expect(call(ownerless)).rejects.toMatchObject({ reason: "MEMORY_NOT_FOUND" });
    }
    expect((await update(hidden, { title: "t" }, null, tenant.as(owner))).outcome).toBe("updated");
    expect((await update(hidden, { title: "u" })).outcome).toBe("updated");
    expect((await tenant.revisions(hidden)).map((one) => one.agentId)).toEqual([null, owner, null]);
  });
});
