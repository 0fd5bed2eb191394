import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { MemoryFilter } from "../../src/domain/memory.ts";
import type { ListCommand } from "../../src/domain/ports/memory-store.ts";
import { describeOnEngines } from "../app/engines.ts";
import type { Database } from "../search/open-database.ts";
import { shareDatabase } from "../search/share-database.ts";
import { ids, item, pause, Tenant } from "./tenant.ts";

describeOnEngines("reads", (engine) => {
  let database: Database;
  let tenant: Tenant;
  beforeAll(async () => {
    database = await shareDatabase(engine);
  });
  beforeEach(async () => {
    tenant = await Tenant.make(database.storage);
  });
  afterAll(() => database.close());

  const list = async (changes: Partial<ListCommand> = {}, agentId: string | null = null) => {
    const command = { filter: {}, beforeId: null, limit: 100, showDeleted: false, showExpired: false, ...changes };
    const found = await tenant.storage.memories.list(tenant.access(agentId), command, tenant.signal);
    return found.map((memory) => memory.id);
  };

  it("show an agent what is shared and what is its own; the workspace's own authority sees all", async () => {
    const [one, two] = [ids.next(), ids.next()];
    const shared = (await tenant.put({ agentId: one, visibility: "shared" })).memory.id;
    const own = (await tenant.put({ agentId: two })).memory.id;
    const foreign = (await tenant.put({ agentId: one })).memory.id;
    const nobodys = (await tenant.put()).memory.id;
    expect(await list({}, two)).toEqual([own, shared]);
    expect(await list()).toEqual([nobodys, foreign, own, shared]);
    for (const [id, seen] of [
      [shared, true],
      [own, true],
      [foreign, false],
      [nobodys, false],
    ] as const) {
      expect((await tenant.get(id, two)) !== null).toBe(seen);
      expect(await tenant.get(id)).not.toBeNull();
    }
    const live = await tenant.storage.memories.getLive(
      tenant.access(two),
      [shared, own, foreign, nobodys],
      {},
      tenant.signal,
    );
    expect(live.map((memory) => memory.id).sort()).toEqual([shared, own].sort());
  });

  it("show nothing to a key that is bound to a volume, as there is none", async () => {
    const { memory } = await tenant.put({ visibility: "shared" });
    const access = { ...tenant.access(), volumeId: ids.next() };
    expect(
      await tenant.storage.memories.get(access, memory.id, { showDeleted: true, showExpired: true }, tenant.signal),
    ).toBeNull();
  });

  it("fetch no more of a page of large memories than 2 MiB of contents, and the one that crosses them", async () => {
    const content = "wide ".repeat(90_000);
    for (let count = 0; count < 8; count++) await tenant.put({ content, tags: ["wide"] });
    expect(await list()).toHaveLength(5);
    expect(await list({ filter: { tagsAny: ["wide"] } })).toHaveLength(5);
    expect(await list({ limit: 3 })).toHaveLength(3);
  });

  it("hide deleted and expired memories from get, list and getLive, unless asked for", async () => {
    const live = (await tenant.put()).memory.id;
    const deleted = (await tenant.put()).memory.id;
    await tenant.storage.memories.delete(tenant.mutation(), deleted, null);
    const expired = (await tenant.put({ expireTime: new Date(Date.now() + 50) })).memory.id;
    await pause(70);
    expect(await list()).toEqual([live]);
    expect(await list({ showDeleted: true })).toEqual([deleted, live]);
    expect(await list({ showExpired: true })).toEqual([expired, live]);
    expect(await list({ showDeleted: true, showExpired: true })).toEqual([expired, deleted, live]);
    expect(await tenant.get(expired)).toBeNull();
    expect(await tenant.get(expired, null, { showDeleted: false, showExpired: true })).not.toBeNull();
    const found = await tenant.storage.memories.getLive(tenant.access(), [live, deleted, expired], {}, tenant.signal);
    expect(found.map((memory) => memory.id)).toEqual([live]);
  });

  it("page through everything once, newest first, while others write", async () => {
    const before = [];
    for (let i = 0; i < 57; i++) {
      before.push((await tenant.put()).memory.id);
    }
    const seen: string[] = [];
    let beforeId: string | null = null;
    do {
      const page: string[] = await list({ beforeId, limit: 10 });
      seen.push(...page);
      beforeId = page.at(-1) ?? null;
      await tenant.write([item(), item()]);
    } while (beforeId !== null);
    expect(seen).toEqual([...before].reverse());
  });

  it("list what is older than an id that is gone", async () => {
    const older = (await tenant.put()).memory.id;
    const gone = (await tenant.put()).memory.id;
    await tenant.storage.memories.purge(tenant.mutation(), gone, null);
    expect(await list({ beforeId: gone })).toEqual([older]);
  });

  describe("filter by", () => {
    const agentId = ids.next();
    const bare = { subjectType: "other", kind: "other" };
    const match = {
      agentId,
      subjectType: "contact",
      subjectId: "c-1",
      kind: "preference",
      key: "colour",
      visibility: "shared",
      tags: ["a", "b", 'c"\\,{}'],
      linkedEntities: [{ type: "deal", id: "d-1" }],
      metadata: { plan: { tier: "gold", seats: 5 } },
      sourceKind: "email",
      sourceId: "e-1",
    } as const;
    const hits: readonly (readonly [string, MemoryFilter])[] = [
      ["subject_type", { subjectType: "contact" }],
      ["subject_type and subject_id", { subjectType: "contact", subjectId: "c-1" }],
      ["kinds", { kinds: ["none", "preference"] }],
      ["key", { key: "colour" }],
      ["tags_any", { tagsAny: ["z", "b"] }],
      ["tags_all", { tagsAll: ["a", 'c"\\,{}'] }],
      ["tags_all beside tags_none", { tagsAll: ["a"], tagsNone: ["z"] }],
      ["linked_entity", { linkedEntity: { type: "deal", id: "d-1" } }],
      ["agent_id", { agentId }],
      ["visibility", { visibility: "shared" }],
      ["metadata", { metadata: { plan: { tier: "gold" } } }],
      ["source_kind", { sourceKind: "email" }],
      ["source_id", { sourceId: "e-1" }],
      [
        "all of it",
        {
          subjectType: "contact",
          kinds: ["preference"],
          tagsAny: ["a"],
          tagsAll: ["a", "b"],
          tagsNone: ["z"],
          metadata: { plan: {} },
        },
      ],
    ];
    const misses: readonly (readonly [string, MemoryFilter])[] = [
      ["subject_id", { subjectId: "c-2" }],
      ["tags_any", { tagsAny: ["z"] }],
      ["tags_all", { tagsAll: ["a", "z"] }],
      ["half a linked entity of another", { linkedEntity: { type: "deal", id: "d-2" } }],
      ["metadata", { metadata: { plan: { tier: "silver" } } }],
      ["volume_id", { volumeId: ids.next() }],
      ["a workspace's id as kind", { kinds: ["' or true --"] }],
    ];

    it.each(hits)("%s finds the one that fits", async (_name, filter) => {
      const { memory } = await tenant.put(match);
      await tenant.put(bare);
      expect(await list({ filter })).toEqual([memory.id]);
      const live = await tenant.storage.memories.getLive(tenant.access(), [memory.id], filter, tenant.signal);
      expect(live).toEqual([memory]);
    });

    it.each(misses)("%s finds none that does not", async (_name, filter) => {
      const { memory } = await tenant.put(match);
      expect(await list({ filter })).toEqual([]);
      expect(await tenant.storage.memories.getLive(tenant.access(), [memory.id], filter, tenant.signal)).toEqual([]);
    });

    it("tags_none leaves out what has one of them", async () => {
      await tenant.put(match);
      const { memory } = await tenant.put(bare);
      expect(await list({ filter: { tagsNone: ["b"] } })).toEqual([memory.id]);
    });

    it("times, exclusive on both sides", async () => {
      const first = (await tenant.put()).memory;
      await pause(3);
      const second = (await tenant.put()).memory;
      await pause(3);
      const third = (await tenant.put()).memory;
      const between = { createdAfter: first.createTime, createdBefore: third.createTime };
      expect(await list({ filter: between })).toEqual([second.id]);
      await pause(3);
      const { memory } = await tenant.storage.memories.update(tenant.mutation(), {
        id: first.id,
        patch: { title: "t" },
        expectedRevision: null,
      });
      expect(await list({ filter: { updatedAfter: third.updateTime } })).toEqual([first.id]);
      expect(await list({ filter: { updatedBefore: memory.updateTime, createdAfter: second.createTime } })).toEqual([
        third.id,
      ]);
    });
  });

  describe("of revisions", () => {
    it("are newest first and page by revision, of deleted memories too", async () => {
      const { memory } = await tenant.put({ key: "k" });
      await tenant.put({ key: "k", content: "b" });
      await tenant.storage.memories.delete(tenant.mutation(), memory.id, null);
      const page = (before: number | null) =>
        tenant.storage.memories.listRevisions(tenant.access(), memory.id, before, 2, tenant.signal);
      expect((await page(null)).map((one) => one.revision)).toEqual([3, 2]);
      expect((await page(2)).map((one) => one.revision)).toEqual([1]);
      expect(await page(1)).toEqual([]);
      expect((await page(null))[0]!.memory!.deleteTime).not.toBeNull();
    });

    it("answer NOT_FOUND for what is absent, foreign or hidden, on any page", async () => {
      const { memory } = await tenant.put({ agentId: ids.next() });
      for (const id of [ids.next(), memory.id]) {
        for (const before of [null, 1]) {
          const call = tenant.storage.memories.listRevisions(tenant.access(ids.next()), id, before, 10, tenant.signal);
          await expect(call).rejects.toMatchObject({ reason: "MEMORY_NOT_FOUND" });
        }
      }
    });

    it("keep from others what was private when it was written", async () => {
      const owner = ids.next();
      const { memory } = await tenant.put({ agentId: owner, key: "k", content: "secret" });
      await tenant.put({ agentId: owner, key: "k", content: "public", visibility: "shared" });
      expect((await tenant.revisions(memory.id, ids.next())).map((one) => one.memory!.content)).toEqual(["public"]);
      expect(await tenant.revisions(memory.id, owner)).toHaveLength(2);
    });

    it("show a tombstone to the workspace's own authority alone", async () => {
      const owner = ids.next();
      const { memory } = await tenant.put({ agentId: owner });
      await tenant.storage.memories.purge(tenant.as(owner), memory.id, null);
      expect(await tenant.revisions(memory.id)).toHaveLength(1);
      await expect(tenant.revisions(memory.id, owner)).rejects.toMatchObject({ reason: "MEMORY_NOT_FOUND" });
    });
  });
});
