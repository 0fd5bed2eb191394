import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createUuidV7Source } from "../../src/system/uuid-v7.ts";
import { describeOnEngines } from "../app/engines.ts";
import type { Database } from "../search/open-database.ts";
import { shareDatabase } from "../search/share-database.ts";
import { ids, item, outcomes, pause, Tenant, vectorAt } from "./tenant.ts";

describeOnEngines("writes", (engine) => {
  let database: Database;
  let tenant: Tenant;
  beforeAll(async () => {
    database = await shareDatabase(engine);
  });
  beforeEach(async () => {
    tenant = await Tenant.make(database.storage);
  });
  afterAll(() => database.close());

  const FULL = {
    title: "Colours",
    content: "the sky is “blue” \\ and\nwide",
    visibility: "shared",
    metadata: { a: 0.9, b: [null, true, { c: "é" }], "": -1.5e-7 },
    tags: ["competitor:Twilio", 'quo"te', "back\\slash", "com,ma", "{brace}", "NULL", ""],
    linkedEntities: [{ type: "opportunity", id: "0061" }],
    confidence: 0.9,
    sourceKind: "email_send",
    sourceId: "e-1",
    sourceContext: "in words",
    provenance: "explicit_statement",
    parentMemoryId: ids.next(),
    expireTime: new Date(Date.now() + 3_600_123),
    expireReason: "season",
    shapeId: ids.next(),
  } as const;

  it("answers exactly what a read then finds, with the id's millisecond as create_time", async () => {
    const agentId = ids.next();
    const id = ids.next();
    const subject = { id, agentId, subjectType: "contact", subjectId: "c-1", kind: "preference", key: "colour" };
    const { memory, outcome } = await tenant.put({ ...FULL, ...subject });
    expect(outcome).toBe("created");
    expect(memory).toMatchObject({ ...FULL, ...subject, revision: 1, embeddingStatus: "pending", deleteTime: null });
    expect(memory.createTime.getTime()).toBe(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16));
    expect(memory.updateTime.getTime()).toBeGreaterThanOrEqual(memory.createTime.getTime());
    expect(await tenant.get(id)).toEqual(memory);
  });

  it("dates a write by the database's clock, whatever that of the server which made its id", async () => {
    const ahead = createUuidV7Source({ now: () => Date.now() + 3_600_000 });
    const { memory } = await tenant.put({ id: ahead.next() });
    expect(memory.updateTime.getTime()).toBeLessThan(Date.now() + 600_000);
  });

  it("updates, then says unchanged and moves nothing but update_time", async () => {
    const first = await tenant.put({ key: "k" });
    const second = await tenant.put({ key: "k", content: "the sky is grey" });
    expect([second.outcome, second.memory.id, second.memory.revision]).toEqual(["updated", first.memory.id, 2]);
    await pause(5);
    const third = await tenant.put({ key: "k", content: "the sky is grey" });
    expect([third.outcome, third.memory.revision]).toEqual(["unchanged", 2]);
    expect(third.memory.updateTime.getTime()).toBeGreaterThan(second.memory.updateTime.getTime());
    expect(await tenant.get(first.memory.id)).toEqual(third.memory);
    expect(await tenant.revisions(first.memory.id)).toHaveLength(2);
  });

  it.each(Object.entries(FULL))("counts another %s as a change", async (field, value) => {
    await tenant.put({ key: "k" });
    expect((await tenant.put({ key: "k", [field]: value })).outcome).toBe("updated");
    expect((await tenant.put({ key: "k", [field]: value })).outcome).toBe("unchanged");
    expect((await tenant.put({ key: "k" })).outcome).toBe("updated");
  });

  it("tells tuples apart by each of their parts, nulls included", async () => {
    const parts = [{}, { agentId: ids.next() }, { subjectType: "t" }, { subjectId: "s" }, { kind: "k" }, { key: "x" }];
    for (const part of parts) {
      expect((await tenant.put({ key: "k", ...part })).outcome).toBe("created");
    }
    for (const part of parts) {
      expect((await tenant.put({ key: "k", ...part })).outcome).toBe("unchanged");
    }
  });

  it("never merges memories without a key", async () => {
    expect((await tenant.put()).outcome).toBe("created");
    expect((await tenant.put()).outcome).toBe("created");
  });

  it("revives a soft-deleted memory under the same key", async () => {
    const { memory } = await tenant.put({ key: "k", tags: ["old"] });
    await tenant.storage.memories.delete(tenant.mutation(), memory.id, null);
    const revived = await tenant.put({ key: "k", tags: ["new"] });
    expect([revived.outcome, revived.memory.id, revived.memory.revision]).toEqual(["revived", memory.id, 3]);
    expect(await tenant.get(memory.id)).toMatchObject({ tags: ["new"], deleteTime: null });
    expect((await tenant.revisions(memory.id)).map((one) => one.change)).toEqual(["revived", "deleted", "created"]);
  });

  it("revives an expired memory under the same key, even by the same words, and for ever", async () => {
    const { memory } = await tenant.put({ key: "k", expireTime: new Date(Date.now() + 60) });
    await pause(80);
    expect(await tenant.get(memory.id)).toBeNull();
    const revived = await tenant.put({ key: "k" });
    expect([revived.outcome, revived.memory.id, revived.memory.expireTime]).toEqual(["revived", memory.id, null]);
  });

  it("stores the vector with the text and drops neither on an unchanged write", async () => {
    const embedding = { generation: 1, vector: vectorAt(3) };
    const { memory } = await tenant.put({ key: "k", embedding });
    expect(memory.embeddingStatus).toBe("attached");
    expect((await tenant.put({ key: "k", embedding: "pending" })).memory.embeddingStatus).toBe("attached");
    const other = await tenant.put({ key: "k", content: "other", embedding: { generation: 1, vector: vectorAt(5) } });
    expect(other.memory.embeddingStatus).toBe("attached");
    const rows = await tenant.rows("select content_revision, indexed, embedding::text as v from memory_embedding");
    expect(rows).toEqual([{ content_revision: 2, indexed: false, v: `[${[...vectorAt(5)].join(",")}]` }]);
    expect((await tenant.put({ key: "k", content: "third" })).memory.embeddingStatus).toBe("pending");
    expect((await tenant.put({ key: "k", embedding: "disabled" })).memory.embeddingStatus).toBe("disabled");
  });

  it("keeps the vector where only other fields change", async () => {
    await tenant.put({ key: "k", embedding: { generation: 1, vector: vectorAt(3) } });
    const changed = await tenant.put({ key: "k", confidence: 0.5, embedding: "pending" });
    expect([changed.outcome, changed.memory.embeddingStatus]).toEqual(["updated", "attached"]);
  });

  it("keeps tags and linked entities in step with the memory", async () => {
    const linkedEntities = [
      { type: "a", id: "1" },
      { type: "b", id: "2" },
    ];
    await tenant.put({ key: "k", tags: ["x", "y"], linkedEntities });
    await tenant.put({ key: "k", tags: ["y", "z"], linkedEntities: [{ type: "b", id: "2" }] });
    expect(await tenant.rows("select tag from memory_tag order by tag")).toEqual([{ tag: "y" }, { tag: "z" }]);
    expect(await tenant.rows("select entity_id from memory_linked_entity")).toEqual([{ entity_id: "2" }]);
  });

  it("registers an owner that nobody has seen, once", async () => {
    const agentId = ids.next();
    await tenant.put({ agentId });
    await tenant.put({ agentId });
    expect(await tenant.storage.agents.find(tenant.workspaceId, `agent-${agentId}`)).toMatchObject({ id: agentId });
  });

  it("registers nobody where the write is refused", async () => {
    const agentId = ids.next();
    await expect(tenant.put({ agentId, key: "k", mode: "update_only" })).rejects.toMatchObject({
      reason: "MEMORY_NOT_FOUND",
    });
    expect(await tenant.storage.agents.find(tenant.workspaceId, agentId)).toBeNull();
  });

  it("stamps every revision with who, through which API, and as part of what", async () => {
    const agentId = ids.next();
    const deltaId = ids.next();
    const access = tenant.access(agentId);
    const { memory } = await tenant.put({ agentId }, { access, deltaId, api: "trustpager", callId: "c-1" });
    const stamp = { keyId: tenant.keyId, agentId, deltaId, api: "trustpager", requestId: null, revision: 1 };
    expect(await tenant.revisions(memory.id)).toMatchObject([{ ...stamp, change: "created", memory }]);
  });

  it("refuses a volume, as there is none", async () => {
    const volumeId = ids.next();
    await expect(tenant.put({ volumeId })).rejects.toMatchObject({ reason: "VOLUME_NOT_FOUND" });
    const { results } = await tenant.write([item({ volumeId }), item()], {}, false);
    expect(results).toMatchObject([{ reason: "VOLUME_NOT_FOUND" }, { outcome: "created" }]);
  });

  it("names the field where key and subject are too long for the index, and writes nothing", async () => {
    const long = (length: number): string =>
      Array.from({ length }, (_, i) => String.fromCodePoint(0x1f300 + ((i * 7919) % 700))).join("");
    const subject = { subjectType: long(200), subjectId: long(199), kind: long(198), key: long(500) };
    await expect(tenant.put(subject)).rejects.toMatchObject({
      reason: "INVALID_FIELD",
      metadata: { field: "memory.key" },
    });
    expect(await tenant.rows("select id from memory")).toEqual([]);
  });

  describe("create_only", () => {
    it("creates once, then names the memory that is in the way", async () => {
      const { memory } = await tenant.put({ key: "k", mode: "create_only" });
      await expect(tenant.put({ key: "k", mode: "create_only" })).rejects.toMatchObject({
        reason: "MEMORY_ALREADY_EXISTS",
        metadata: { memory_id: memory.id },
      });
    });

    it("revives what is deleted", async () => {
      const { memory } = await tenant.put({ key: "k", mode: "create_only" });
      await tenant.storage.memories.delete(tenant.mutation(), memory.id, null);
      expect((await tenant.put({ key: "k", mode: "create_only" })).outcome).toBe("revived");
    });
  });

  describe("update_only", () => {
    it("replaces a live memory and never makes one", async () => {
      await expect(tenant.put({ key: "k", mode: "update_only" })).rejects.toMatchObject({ reason: "MEMORY_NOT_FOUND" });
      const { memory } = await tenant.put({ key: "k" });
      const updated = await tenant.put({ key: "k", mode: "update_only", content: "new" });
      expect([updated.outcome, updated.memory.id]).toEqual(["updated", memory.id]);
      await tenant.storage.memories.delete(tenant.mutation(), memory.id, null);
      await expect(tenant.put({ key: "k", mode: "update_only" })).rejects.toMatchObject({ reason: "MEMORY_NOT_FOUND" });
    });
  });

  describe("expected_revision", () => {
    it("lets a write pass that saw the last revision, and no other", async () => {
      await tenant.put({ key: "k" });
      expect((await tenant.put({ key: "k", content: "b", expectedRevision: 1 })).memory.revision).toBe(2);
      await expect(tenant.put({ key: "k", content: "c", expectedRevision: 1 })).rejects.toMatchObject({
        reason: "REVISION_MISMATCH",
        metadata: { expected_revision: "1", revision: "2" },
      });
    });

    it.each(["upsert", "create_only", "update_only"] as const)(
      "is a mismatch where there is no row (%s)",
      async (mode) => {
        await expect(tenant.put({ key: "k", mode, expectedRevision: 1 })).rejects.toMatchObject({
          reason: "REVISION_MISMATCH",
          metadata: { expected_revision: "1" },
        });
        expect(await tenant.rows("select id from memory")).toEqual([]);
      },
    );

    it("revives a deleted memory at the revision of its deletion", async () => {
      const { memory } = await tenant.put({ key: "k" });
      await tenant.storage.memories.delete(tenant.mutation(), memory.id, null);
      expect((await tenant.put({ key: "k", expectedRevision: 2 })).outcome).toBe("revived");
    });
  });

  describe("batches", () => {
    it("apply in order, as one delta, each seeing the one before", async () => {
      const answer = await tenant.write([
        item({ key: "a" }),
        item({ key: "a", content: "b" }),
        item({ key: "a", content: "b" }),
      ]);
      expect(outcomes(answer)).toEqual(["created", "updated", "unchanged"]);
      const deltas = await tenant.rows("select distinct delta_id from memory_revision");
      expect(deltas).toEqual([{ delta_id: answer.deltaId }]);
    });

    it("are all or nothing where atomic, and name the item that failed", async () => {
      await tenant.put({ key: "taken" });
      const items = [item({ key: "a" }), item({ key: "taken", mode: "create_only" }), item({ key: "b" })];
      await expect(tenant.write(items)).rejects.toMatchObject({
        reason: "MEMORY_ALREADY_EXISTS",
        metadata: { item: "1" },
      });
      expect(await tenant.rows("select key from memory")).toEqual([{ key: "taken" }]);
    });

    it("answer item by item where not atomic, and go on behind one whose SQL fails", async () => {
      await tenant.put({ key: "taken" });
      const answer = await tenant.write(
        [
          item({ key: "a" }),
          item({ key: "taken", mode: "create_only" }),
          item({ key: "b", content: "a \u0000 character" }),
          item({ key: "c", metadata: { text: "\u0000" } }),
          item({ key: "d" }),
        ],
        {},
        false,
      );
      expect(outcomes(answer)).toEqual([
        "created",
        "MEMORY_ALREADY_EXISTS",
        "INVALID_FIELD",
        "INVALID_FIELD",
        "created",
      ]);
      expect(await tenant.rows("select key from memory order by key")).toEqual([
        { key: "a" },
        { key: "d" },
        { key: "taken" },
      ]);
    });

    it("take a hundred items", async () => {
      const answer = await tenant.write(Array.from({ length: 100 }, (_, i) => item({ key: `k${i}` })));
      expect(new Set(outcomes(answer))).toEqual(new Set(["created"]));
    });

    it("answer nothing for no items", async () => {
      expect((await tenant.write([])).results).toEqual([]);
    });
  });
});
