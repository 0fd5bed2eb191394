import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { PendingEmbedding } from "../../src/domain/ports/embedding-queue.ts";
import { SqlEmbeddingBacklog } from "../../src/storage/embeddings/embedding-backlog.ts";
import { SqlGenerationStore } from "../../src/storage/embeddings/embedding-generations.ts";
import { describeOnPostgres } from "../app/engines.ts";
import { ExplainingSession } from "../search/explaining-session.ts";
import { type Database, openDatabase } from "../search/open-database.ts";
import { SKEWED, seedAtScale } from "../search/seed-at-scale.ts";

const LARGE = /Seq Scan on (memory|memory_embedding|embedding_backlog)\b/;
const PIECES = 5;

describeOnPostgres("plans of building a generation over 100,000 memories", () => {
  let database: Database;
  let admin: pg.Client;
  let session: ExplainingSession;
  let store: SqlGenerationStore;
  let backlog: SqlEmbeddingBacklog;
  let generation: number;

  beforeAll(async () => {
    database = await openDatabase("postgres");
    admin = new pg.Client({ connectionString: database.url as string });
    await admin.connect();
    await seedAtScale(admin, SKEWED.sizes, 20_000);
    const { tenancy } = database.storage;
    session = new ExplainingSession(database.storage.session);
    store = new SqlGenerationStore(session, tenancy);
    backlog = new SqlEmbeddingBacklog(session, tenancy);
    generation = await database.storage.generations.ensure("another", 4);
    expect(await database.storage.generations.startBuild(generation)).toBe(true);
  });
  afterAll(async () => {
    await admin.end();
    await database.close();
  });
  beforeEach(() => {
    session.plans.length = 0;
  });

  function expectIndexes(...indexes: string[]): void {
    expect(session.plans.length).toBeGreaterThan(0);
    for (const plan of session.plans) expect(plan.text, `${plan.statement} (${plan.kind})`).not.toMatch(LARGE);
    const all = session.plans.map((plan) => plan.text).join("\n\n");
    for (const index of indexes) expect(all).toMatch(new RegExp(`\\b${index}\\b`));
  }

  it("scans the memories piece by piece, by primary key", async () => {
    for (let piece = 0; piece < PIECES; piece++) expect(await store.scan(generation)).toBe(false);
    expectIndexes("memory_pkey", "memory_embedding_pkey", "embedding_backlog_pkey");
    await admin.query("analyze embedding_backlog");
  });

  it("claims, completes and releases what is due by index", async () => {
    const claimed = await backlog.claim(100, 60_000);
    expect(claimed).toHaveLength(100);
    const vector = Float32Array.of(1, 0, 0, 0);
    const done = (one: PendingEmbedding) => ({ ...one, vector });
    expect(await backlog.complete(generation, claimed.slice(0, 90).map(done))).toBe(90);
    await backlog.release(claimed.slice(90), 0, 5);
    expect(await store.backlog(generation, 1000)).toBe(1000);
    expectIndexes("embedding_backlog_due", "embedding_backlog_pkey", "memory_pkey");
  });

  it("drops a generation by primary key", async () => {
    expect(await store.startDrop(generation)).toBe(true);
    await admin.query("update embedding_generation set retire_time = now() - interval '1 minute' where id = $1", [
      generation,
    ]);
    expect(await store.drop(generation)).toBe("more");
    expect(await store.drop(generation)).toBe("more");
    expectIndexes("memory_embedding_pkey");
  });
});
