import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { DomainError } from "../../src/domain/failure.ts";
import type { Memory, Revision } from "../../src/domain/memory.ts";
import type { WriteItem } from "../../src/domain/ports/memory-store.ts";
import { eraseWorkspace } from "../../src/storage/administration/workspace-eraser.ts";
import { ENSURE, START_BUILD, TRACK } from "../../src/storage/embeddings/embedding-generations-sql.ts";
import { asOperator, inWorkspace } from "../../src/storage/engine/session.ts";
import { describeOnEngines, describeOnPostgres } from "../app/engines.ts";
import { type Database, openDatabase } from "../search/open-database.ts";
import { ids, item, outcomes, pause, Tenant, vectorAt } from "./tenant.ts";

const WRITERS = 64;

/** Newest first, as they are listed: none is older than the one before it, nor says otherwise than its memory. */
function expectTimesInOrder(revisions: readonly Revision[]): void {
  const times = revisions.map((one) => one.createTime.getTime()).reverse();
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(revisions.map((one) => one.memory!.updateTime)).toEqual(revisions.map((one) => one.createTime));
}

describeOnEngines("64 writers of one key", (engine) => {
  let database: Database;
  let tenant: Tenant;
  beforeAll(async () => {
    database = await openDatabase(engine);
  });
  beforeEach(async () => {
    tenant = await Tenant.make(database.storage);
  });
  afterAll(() => database.close());

  async function race(changes: (i: number) => Partial<WriteItem>): Promise<readonly string[]> {
    const writes = Array.from({ length: WRITERS }, async (_, i) => {
      try {
        const written = await tenant.put({ key: "k", ...changes(i) });
        return `${written.outcome} ${written.memory.revision}`;
      } catch (error) {
        return error instanceof DomainError ? error.reason : String(error);
      }
    });
    return Promise.all(writes);
  }

  const oneToSixtyFour = Array.from({ length: WRITERS }, (_, i) => i + 1);

  it("with different words: one row, revisions 1 to 64 without gap or double", async () => {
    const seen = await race((i) => ({
      content: `word ${i}`,
      tags: [`t${i}`],
      embedding: { generation: 1, vector: new Float32Array(256).fill(i / 64) },
    }));
    const expected = oneToSixtyFour.map((n) => (n === 1 ? "created 1" : `updated ${n}`));
    expect([...seen].sort()).toEqual(expected.sort());
    const [memory] = await tenant.rows("select id, revision, content, content_revision from memory");
    const revisions = await tenant.revisions(memory!.id as string);
    expect(revisions.map((one) => one.revision).reverse()).toEqual(oneToSixtyFour);
    expectTimesInOrder(revisions);
    expect(revisions[0]!.memory!.content).toBe(memory!.content);
    expect(new Set(revisions.map((one) => one.memory!.content)).size).toBe(WRITERS);
    const vectors = await tenant.rows("select content_revision from memory_embedding");
    expect(vectors).toEqual([{ content_revision: memory!.content_revision }]);
  });

  it("with the same words: 1 created, 63 unchanged, one revision", async () => {
    const seen = await race(() => ({}));
    expect([...seen].sort()).toEqual(["created 1", ...Array(WRITERS - 1).fill("unchanged 1")]);
    expect(await tenant.rows("select revision from memory_revision")).toEqual([{ revision: 1 }]);
  });

  it("with create_only: 1 created, 63 refused", async () => {
    const seen = await race((i) => ({ content: `word ${i}`, mode: "create_only" }));
    expect([...seen].sort()).toEqual([...Array(WRITERS - 1).fill("MEMORY_ALREADY_EXISTS"), "created 1"]);
  });

  it("with one expected revision: exactly one wins", async () => {
    await tenant.put({ key: "k" });
    const seen = await race((i) => ({ content: `word ${i}`, expectedRevision: 1 }));
    expect([...seen].sort()).toEqual([...Array(WRITERS - 1).fill("REVISION_MISMATCH"), "updated 2"]);
  });

  it("and batches that take the same keys in opposite orders all succeed", async () => {
    const keys = Array.from({ length: 8 }, (_, i) => `k${i}`);
    const batch = (order: readonly string[], round: number) =>
      tenant.write(order.map((key) => item({ key, content: `round ${round} ${ids.next()}` })));
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, round) => batch(round % 2 ? keys : [...keys].reverse(), round)),
    );
    expect(answers.flatMap(outcomes).filter((one) => one === "created")).toHaveLength(8);
    expect(answers.flatMap(outcomes).filter((one) => one === "updated")).toHaveLength(16 * 8 - 8);
  });

  it("that delete and write at once leave one row and an unbroken history", async () => {
    const { memory } = await tenant.put({ key: "k" });
    await Promise.all(
      Array.from({ length: WRITERS }, async (_, i) => {
        if (i % 2) {
          await tenant.put({ key: "k", content: `word ${i}` });
        } else {
          await tenant.storage.memories.delete(tenant.mutation(), memory.id, null).catch((error) => {
            expect(error).toMatchObject({ reason: "MEMORY_NOT_FOUND" });
          });
        }
      }),
    );
    const revisions = await tenant.revisions(memory.id);
    const numbers = revisions.map((one) => one.revision).reverse();
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
    expectTimesInOrder(revisions);
    expect(await tenant.rows("select id from memory")).toEqual([{ id: memory.id }]);
  });

  it("that purge and write at once leave nothing of what was purged", async () => {
    const { memory } = await tenant.put({ key: "k", content: "canary" });
    const purge = () => tenant.storage.memories.purge(tenant.mutation(), memory.id, null);
    await Promise.all([
      ...Array.from({ length: 20 }, (_, i) => tenant.put({ key: "k", content: `canary ${i}` })),
      purge(),
    ]);
    const of = await tenant.rows("select change, state from memory_revision where memory_id = $1::uuid", [memory.id]);
    expect(of).toEqual([{ change: 7, state: null }]);
    expect(await tenant.rows("select tag from memory_tag where memory_id = $1::uuid", [memory.id])).toEqual([]);
  });
});

describeOnPostgres("writers that wait for each other", (engine) => {
  it("say when they wrote, not when they began to wait", async () => {
    const database = await openDatabase(engine);
    const tenant = await Tenant.make(database.storage);
    const { memory } = await tenant.put({ key: "k" });
    const [locked, done] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holder = database.storage.session.transaction(inWorkspace(tenant.workspaceId), null, async (tx) => {
      await tx.query({ name: null, text: "update memory set embed_after = now()" }, []);
      locked.resolve();
      await done.promise;
    });
    await locked.promise;
    const command = { id: memory.id, patch: { title: "t" }, expectedRevision: null };
    const waiting = [
      tenant.put({ key: "k", content: "x" }),
      tenant.storage.memories.update(tenant.mutation(), command),
      tenant.put({ key: "k", content: "y", mode: "update_only" }),
    ];
    await pause(200);
    const released = Date.now();
    done.resolve();
    await holder;
    for (const { memory: written } of await Promise.all(waiting)) {
      expect(written.updateTime.getTime()).toBeGreaterThanOrEqual(released);
    }
    await tenant.storage.memories.delete(tenant.mutation(), memory.id, null);
    await tenant.storage.memories.restore(tenant.mutation(), memory.id, null);
    await tenant.rows("update memory set update_time = now() + interval '1 hour' returning 1 as one");
    const { memory: last } = await tenant.storage.memories.delete(tenant.mutation(), memory.id, null);
    expect(last.updateTime.getTime()).toBeGreaterThan(released + 3_000_000);
    expect(last.deleteTime).toEqual(last.updateTime);
    expectTimesInOrder(await tenant.revisions(memory.id));
    await tenant.storage.memories.purge(tenant.mutation(), memory.id, null);
    const [tombstone] = await tenant.revisions(memory.id);
    expect(tombstone!.createTime.getTime()).toBeGreaterThanOrEqual(last.updateTime.getTime());
    await database.close();
  });

  it("leave a memory that is found by the tags and links that it has, and by no others", async () => {
    const database = await openDatabase(engine);
    const tenant = await Tenant.make(database.storage);
    await tenant.put({ key: "k" });
    const [locked, done] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holder = database.storage.session.transaction(inWorkspace(tenant.workspaceId), null, async (tx) => {
      await tx.query({ name: null, text: "select id from memory for update" }, []);
      locked.resolve();
      await done.promise;
    });
    await locked.promise;
    const writes = ["a", "b", "c"].map((tag) =>
      tenant.put({ key: "k", tags: [tag], linkedEntities: [{ type: tag, id: tag }] }),
    );
    await pause(200);
    done.resolve();
    await Promise.all([holder, ...writes]);
    const [memory] = await tenant.rows("select tags from memory");
    const page = { beforeId: null, limit: 10, showDeleted: false, showExpired: false };
    for (const tag of ["a", "b", "c"]) {
      const filters = [{ tagsAny: [tag] }, { tagsAll: [tag] }, { linkedEntity: { type: tag, id: tag } }];
      for (const filter of filters) {
        const found = await tenant.storage.memories.list(tenant.access(), { filter, ...page }, tenant.signal);
        expect(found).toHaveLength((memory!.tags as string[]).includes(tag) ? 1 : 0);
      }
    }
    await database.close();
  });
});

/** Batches hold their rows in the order of their items, so that whoever waits for one while it holds another may find itself in a deadlock. */
describeOnPostgres("what changes several rows at once", (engine) => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase(engine);
  });
  afterAll(() => database.close());

  /** Runs `work` while another transaction holds the row, and answers whether that one gets the other row at once. */
  async function isFree(
    tenant: Tenant,
    held: string,
    other: string,
    work: () => Promise<unknown>,
    rows = "memory where id",
  ): Promise<boolean> {
    const { session } = tenant.storage;
    let working: Promise<unknown> = Promise.resolve();
    const free = await session.transaction(inWorkspace(tenant.workspaceId), null, async (tx) => {
      await tx.query({ name: null, text: `select from ${rows} = $1::uuid for update` }, [held]);
      working = work();
      await pause(100);
      // Less than what Postgres takes to notice a deadlock, and enough for work that holds it for a moment.
      await tx.exec("set local lock_timeout = 900");
      const text = `select from ${rows} = $1::uuid for update`;
      return tx.query({ name: null, text }, [other]).then(
        () => true,
        () => false,
      );
    });
    await working;
    return free;
  }

  const pending = (tenant: Tenant, written: readonly Memory[]) =>
    written.map(({ id }) => ({
      ...{ workspaceId: tenant.workspaceId, memoryId: id, contentRevision: 1, vector: vectorAt(1) },
      ...{ text: "", attempts: 0 },
    }));
  const works: Record<string, (tenant: Tenant, written: readonly Memory[]) => Promise<unknown>> = {
    complete: (tenant, written) => tenant.storage.embeddingQueue.complete(1, pending(tenant, written)),
    release: (tenant, written) => tenant.storage.embeddingQueue.release(pending(tenant, written), 0, null),
    requeue: (tenant) => tenant.storage.embeddingQueue.requeue(1, null),
    sweep: (tenant) => tenant.storage.sweeper.sweep(10, tenant.signal),
    erase: (tenant) => eraseWorkspace(tenant.storage.session, tenant.storage.tenancy, tenant.workspaceId, null),
  };

  it.each(Object.keys(works))("holds none while it waits for another: %s", async (name) => {
    for (const which of [0, 1]) {
      const tenant = await Tenant.make(database.storage);
      const text = "update workspace set retention_ms = 0 where id = $1";
      await tenant.storage.session.run(asOperator, { name: null, text }, [tenant.workspaceId], null);
      const embedding = name === "requeue" ? "disabled" : "pending";
      const written = [await tenant.put({ embedding }), await tenant.put({ embedding })].map(({ memory }) => memory);
      if (name === "sweep") {
        await tenant.rows("update memory set delete_time = now() - interval '1 day' returning 1 as one");
      }
      const [held, other] = which === 0 ? written : [...written].reverse();
      expect(await isFree(tenant, held!.id, other!.id, () => works[name]!(tenant, written))).toBe(true);
      const left = await tenant.rows("select embedding_status from memory");
      if (name === "complete") expect(left).toEqual([{ embedding_status: 1 }, { embedding_status: 1 }]);
      if (name === "requeue") expect(left).toEqual([{ embedding_status: 2 }, { embedding_status: 2 }]);
      if (name === "sweep") expect(left).toHaveLength(1);
      if (name === "erase") expect(left).toEqual([]);
    }
  });

  it.each(["complete", "release"] as const)("holds no note of a build while it waits for another: %s", async (name) => {
    const { session, embeddingBacklog } = database.storage;
    const [generation] = await session.run(asOperator, ENSURE, ["another", 256], null);
    await session.run(asOperator, START_BUILD, [generation!.id as number], null);
    await session.run(asOperator, TRACK, [true], null);
    for (const which of [0, 1]) {
      const tenant = await Tenant.make(database.storage);
      const written = [await tenant.put(), await tenant.put()].map(({ memory }) => memory);
      const [held, other] = which === 0 ? written : [...written].reverse();
      const jobs = pending(tenant, written);
      const work = () =>
        name === "complete"
          ? embeddingBacklog.complete(generation!.id as number, jobs)
          : embeddingBacklog.release(jobs, 0, null);
      expect(await isFree(tenant, held!.id, other!.id, work, "embedding_backlog where memory_id")).toBe(true);
      const left = await tenant.rows("select memory_id from embedding_backlog");
      expect(left).toHaveLength(name === "complete" ? 1 : 2);
    }
  });

  it("registers new owners in one order", async () => {
    const tenant = await Tenant.make(database.storage);
    const [low, high] = [ids.next(), ids.next()];
    const text = "insert into agent (workspace_id, id, handle) values ($1, $2::uuid, $2::text) on conflict do nothing";
    let batch: Promise<unknown> = Promise.resolve();
    await tenant.storage.session.transaction(inWorkspace(tenant.workspaceId), null, async (tx) => {
      await tx.query({ name: null, text }, [tenant.workspaceId, low]);
      batch = tenant.write([item({ agentId: high }), item({ agentId: low })]);
      await pause(100);
      await tx.exec("set local lock_timeout = 50");
      await tx.query({ name: null, text }, [tenant.workspaceId, high]);
    });
    await batch;
  });
});
