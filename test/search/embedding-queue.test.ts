import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { PendingEmbedding } from "../../src/domain/ports/embedding-queue.ts";
import { SqlEmbeddingQueue } from "../../src/storage/embeddings/embedding-queue.ts";
import { inWorkspace, type Row } from "../../src/storage/engine/session.ts";
import { describeOnEngines } from "../app/engines.ts";
import { type Database, openDatabase } from "./open-database.ts";
import { makeWorkspace, seed } from "./seed.ts";

const VECTOR = Float32Array.from({ length: 256 }, (_, i) => (i === 3 ? 1 : 0));
const MINUTE = 60_000;

describeOnEngines("embedding queue", (engine) => {
  let database: Database;
  let queue: SqlEmbeddingQueue;
  let workspaceId: string;

  beforeAll(async () => {
    database = await openDatabase(engine);
  });
  afterAll(() => database.close());

  beforeEach(async () => {
    const { session, tenancy } = database.storage;
    queue = new SqlEmbeddingQueue(session, tenancy, { largeFrom: 40, tail: 5, batchSize: 10 });
    workspaceId = await makeWorkspace(database.storage);
    // What an earlier test left is not this one's business.
    for (let some = await queue.claim(100, 100 * MINUTE); some.length > 0; some = await queue.claim(100, 100 * MINUTE));
  });

  async function sql(text: string, ...values: (string | number)[]): Promise<readonly Row[]> {
    return database.storage.session.run(inWorkspace(workspaceId), { name: null, text }, values, null);
  }

  async function pending(...contents: string[]): Promise<string[]> {
    return seed(
      database.storage,
      workspaceId,
      contents.map((content) => ({ content, embedded: false })),
    );
  }

  function done(one: PendingEmbedding, vector: Float32Array | null = VECTOR) {
    return { workspaceId: one.workspaceId, memoryId: one.memoryId, contentRevision: one.contentRevision, vector };
  }

  async function statusOf(id: string): Promise<unknown> {
    return (await sql("select embedding_status from memory where id = $1::uuid", id))[0]?.embedding_status;
  }

  it("gives one generation the same number, and another model or dimension a new one", async () => {
    const first = await queue.ensureGeneration("model-a", 8);
    expect(await queue.ensureGeneration("model-a", 8)).toBe(first);
    const others = [await queue.ensureGeneration("model-a", 16), await queue.ensureGeneration("model-b", 8)];
    expect(new Set([first, ...others]).size).toBe(3);
  });

  it("makes a generation once, however many processes start together", async () => {
    const found = await Promise.all(Array.from({ length: 4 }, () => queue.ensureGeneration("model-raced", 12)));
    expect(new Set(found).size).toBe(1);
  });

  it("takes a model that no HNSW index can hold", async () => {
    expect(await queue.ensureGeneration("model-wide", 6000)).toBeGreaterThan(0);
  });

  it("hands out each pending memory once, with its searched text, oldest first", async () => {
    const ids = await pending("one", "two", "three");
    await sql(`update memory set title = 'T', metadata = '{"a":["leaf",7]}' where id = $1::uuid`, ids[0]!);
    const claimed = await queue.claim(10, MINUTE);
    expect(claimed.map((one) => one.memoryId).sort()).toEqual([...ids].sort());
    expect(claimed.find((one) => one.memoryId === ids[0])).toMatchObject({ text: "T\none\nleaf\n7", attempts: 1 });
    expect(await queue.claim(10, MINUTE)).toEqual([]);
  });

  it("keeps to its limit, over workspaces too", async () => {
    await pending("one", "two");
    workspaceId = await makeWorkspace(database.storage);
    await pending("three", "four");
    expect(await queue.claim(3, MINUTE)).toHaveLength(3);
    expect(await queue.claim(3, MINUTE)).toHaveLength(1);
  });

  it("hands out nothing twice to workers that race", async () => {
    const ids = await pending(...Array.from({ length: 60 }, (_, i) => `text ${i}`));
    const claims = await Promise.all(Array.from({ length: 6 }, () => queue.claim(20, MINUTE)));
    const rest = await queue.claim(60, MINUTE);
    const all = [...claims.flat(), ...rest].map((one) => one.memoryId);
    expect(all).toHaveLength(60);
    expect(new Set(all)).toEqual(new Set(ids));
  });

  it("hands a memory out again once its lease is over", async () => {
    await pending("one");
    expect(await queue.claim(1, 30)).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await queue.claim(1, MINUTE)).toMatchObject([{ attempts: 2 }]);
  });

  it("leaves deleted memories alone", async () => {
    const [id] = await pending("one");
    await sql("update memory set delete_time = now() where id = $1::uuid", id!);
    expect(await queue.claim(10, MINUTE)).toEqual([]);
  });

  it("attaches a vector, so that the memory is found by meaning", async () => {
    const [id] = await pending("one");
    const [one] = await queue.claim(1, MINUTE);
    expect(await queue.complete(1, [done(one!)])).toBe(1);
    expect(await statusOf(id!)).toBe(1);
    const command = {
      text: null,
      language: "english",
      filter: {},
      perRetriever: 50,
      vector: { generation: 1, values: VECTOR },
    };
    const access = { workspaceId, agentId: null, volumeId: null };
    const found = await database.storage.searches.candidates(access, command, new AbortController().signal);
    expect(found.candidates).toMatchObject([{ id }]);
    expect(found.candidates[0]!.cosine).toBeCloseTo(1, 3);
  });

  it("marks a memory without a vector as disabled", async () => {
    const [id] = await pending("…");
    const [one] = await queue.claim(1, MINUTE);
    expect(await queue.complete(1, [done(one!, null)])).toBe(1);
    expect(await statusOf(id!)).toBe(4);
    expect(await queue.claim(1, MINUTE)).toEqual([]);
  });

  it("drops the vector of a text that changed meanwhile", async () => {
    const [id] = await pending("one");
    const [one] = await queue.claim(1, MINUTE);
    await sql("update memory set content = 'two', content_revision = 2, embed_after = now() where id = $1::uuid", id!);
    expect(await queue.complete(1, [done(one!)])).toBe(0);
    expect(await statusOf(id!)).toBe(2);
    expect(await sql("select 1 from memory_embedding where memory_id = $1::uuid", id!)).toEqual([]);
    expect(await queue.claim(1, MINUTE)).toMatchObject([{ text: "two", contentRevision: 2 }]);
  });

  it("puts a memory back for a while, and fails it after so many attempts", async () => {
    const [id] = await pending("one");
    for (const attempts of [1, 2]) {
      const claimed = await queue.claim(1, MINUTE);
      expect(claimed).toMatchObject([{ attempts }]);
      await queue.release(claimed, 0, 3);
      expect(await statusOf(id!)).toBe(2);
    }
    const last = await queue.claim(1, MINUTE);
    await queue.release(last, 0, 3);
    expect(await statusOf(id!)).toBe(3);
    expect(await queue.claim(1, MINUTE)).toEqual([]);
  });

  it("does not hand a memory out before its pause is over", async () => {
    await pending("one");
    await queue.release(await queue.claim(1, MINUTE), MINUTE, 5);
    expect(await queue.claim(1, MINUTE)).toEqual([]);
  });

  it("does not count an attempt that never was", async () => {
    await pending("one");
    await queue.release(await queue.claim(1, MINUTE), 0, null);
    expect(await queue.claim(1, MINUTE)).toMatchObject([{ attempts: 1 }]);
  });

  it("makes memories pending that lack a vector of the generation, and no others", async () => {
    const [embedded] = await seed(database.storage, workspaceId, [{ content: "one" }]);
    const [failed, deleted] = await pending("two", "three");
    await sql("update memory set embedding_status = 3 where id = $1::uuid", failed!);
    await sql("update memory set embedding_status = 3, delete_time = now() where id = $1::uuid", deleted!);
    await requeue(1);
    expect([await statusOf(embedded!), await statusOf(failed!), await statusOf(deleted!)]).toEqual([1, 2, 3]);
    await requeue(await queue.ensureGeneration("model-next", 256));
    expect(await statusOf(embedded!)).toBe(2);
  });

  async function requeue(generation: number): Promise<void> {
    let cursor = await queue.requeue(generation, null);
    while (cursor !== null) cursor = await queue.requeue(generation, cursor);
  }

  it("moves the vectors of a large workspace into the index, but for a short tail, and of no small one", async () => {
    await seed(database.storage, workspaceId, texts(40));
    const small = workspaceId;
    workspaceId = await makeWorkspace(database.storage);
    await seed(database.storage, workspaceId, texts(41));
    const moved: number[] = [];
    for (let step = await queue.promote(1); step.moved > 0; step = await queue.promote(1)) moved.push(step.moved);
    expect(moved).toEqual([10, 10, 10, 10]);
    expect(await queue.indexing(1)).toMatchObject({ indexed: 40, toIndex: 0 });
    expect(await tiers()).toEqual([
      { indexed: false, count: 1 },
      { indexed: true, count: 40 },
    ]);
    await seed(database.storage, workspaceId, texts(6));
    expect((await queue.indexing(1)).toIndex).toBe(2);
    while ((await queue.promote(1)).moved > 0);
    expect(await tiers()).toEqual([{ indexed: true, count: 47 }]);
    workspaceId = small;
    expect(await tiers()).toEqual([{ indexed: false, count: 40 }]);
  });

  it("takes steps that follow how long each took, and rests a multiple of it", async () => {
    const { session, tenancy } = database.storage;
    const policy = { largeFrom: 40, tail: 5, batchSize: 16, restFactor: 1000 };
    const slow = new SqlEmbeddingQueue(session, tenancy, { ...policy, stepMs: 0 });
    const fast = new SqlEmbeddingQueue(session, tenancy, { ...policy, stepMs: 600_000 });
    await seed(database.storage, workspaceId, texts(100));
    const first = await slow.promote(1);
    expect([first.moved, (await slow.promote(1)).moved]).toEqual([10, 5]);
    expect(first.restMs).toBeGreaterThan(100);
    const steps = [await fast.promote(1), await fast.promote(1), await fast.promote(1)];
    expect(steps.map((step) => step.moved)).toEqual([10, 15, 16]);
  });

  async function tiers(): Promise<readonly Row[]> {
    return sql("select indexed, count(*) from memory_embedding group by indexed order by indexed");
  }

  function texts(count: number) {
    return Array.from({ length: count }, (_, i) => ({ content: `memory number ${i}` }));
  }
});
