import { afterAll, beforeAll, expect, it } from "vitest";
import { SqlEmbeddingQueue } from "../../src/storage/embeddings/embedding-queue.ts";
import { inWorkspace } from "../../src/storage/engine/session.ts";
import { describeOnEngines } from "../app/engines.ts";
import { type Database, openDatabase } from "./open-database.ts";
import { makeWorkspace, never, seed } from "./seed.ts";

const DIMENSIONS = 256;
const QUERIES = 40;
const K = 10;
/** Half precision moves a cosine by up to this much, so that what is so close to the tenth place is as right as it. */
const ROUNDING = 0.001;

/** Mulberry32: the same vectors each time. */
function randomOf(seedNumber: number): () => number {
  let state = seedNumber;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const random = randomOf(20261121);

function direction(): Float32Array {
  return unit(Float32Array.from({ length: DIMENSIONS }, () => random() + random() + random() - 1.5));
}

function near(centre: Float32Array): Float32Array {
  const noise = direction();
  return unit(centre.map((value, i) => value + 0.8 * noise[i]!));
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

describeOnEngines("recall with part of the vectors in the index", (engine) => {
  const count = engine === "postgres" ? 3000 : 1200;
  const topics = Array.from({ length: 60 }, direction);
  const foreign = Array.from({ length: 20 }, direction);
  const vectors = Array.from({ length: count }, (_, i) => near(topics[(i * 7919) % topics.length]!));
  let database: Database;
  let workspaceId: string;
  let ids: string[];

  beforeAll(async () => {
    database = await openDatabase(engine);
    const { session, tenancy } = database.storage;
    workspaceId = await makeWorkspace(database.storage);
    ids = await seed(
      database.storage,
      workspaceId,
      vectors.map((vector, i) => ({ content: `memory ${i}`, vector })),
    );
    const neighbours = Array.from({ length: count / 2 }, (_, i) => near((i % 2 ? topics : foreign)[i % 20]!));
    await seed(
      database.storage,
      await makeWorkspace(database.storage),
      neighbours.map((vector, i) => ({ content: `neighbour ${i}`, vector })),
    );
    const policy = { largeFrom: count / 4, tail: count / 3, batchSize: 100 };
    const queue = new SqlEmbeddingQueue(session, tenancy, policy);
    while ((await queue.promote(1)).moved > 0);
  });
  afterAll(() => database.close());

  async function recall(queries: readonly Float32Array[], agentId: string | null = null): Promise<number> {
    let hits = 0;
    for (const query of queries) {
      const exact = vectors.map((vector) => cosine(vector, query)).sort((a, b) => b - a);
      const found = await find(query, agentId);
      expect(found.truncated).toBe(false);
      const best = found.candidates
        .map((one) => one.cosine!)
        .sort((a, b) => b - a)
        .slice(0, K);
      expect(best).toHaveLength(K);
      hits += best.filter((value) => value >= exact[K - 1]! - ROUNDING).length;
    }
    return hits / (queries.length * K);
  }

  function find(values: Float32Array, agentId: string | null) {
    const command = {
      text: null,
      language: "english",
      vector: { generation: 1, values },
      filter: {},
      perRetriever: 50,
    };
    return database.storage.searches.candidates({ workspaceId, agentId, volumeId: null }, command, never);
  }

  it("has both tiers", async () => {
    const text = "select indexed, count(*) from memory_embedding group by indexed order by indexed";
    const rows = await database.storage.session.run(inWorkspace(workspaceId), { name: null, text }, [], null);
    expect(rows.map((row) => row.indexed)).toEqual([false, true]);
    for (const row of rows) expect(row.count).toBeGreaterThan(count / 5);
  });

  it("finds 98 % of the exact ten best, each with its true cosine", async () => {
    expect(
      await recall(Array.from({ length: QUERIES }, (_, i) => near(topics[i % topics.length]!))),
    ).toBeGreaterThanOrEqual(0.98);
    const query = near(topics[5]!);
    for (const one of (await find(query, null)).candidates) {
      expect(one.cosine).toBeCloseTo(cosine(vectors[ids.indexOf(one.id)]!, query), 2);
    }
  });

  it("returns as many as are asked for where the query fits another workspace better", async () => {
    const queries = Array.from({ length: 20 }, (_, i) => near(foreign[i]!));
    expect(await recall(queries)).toBeGreaterThan(0.5);
  });

  it("is exact for a reader who may see little of what the index holds", async () => {
    const agentId = "0190a000-0000-7000-8000-00000000000c";
    const own = ids.filter((_, i) => i % 100 === 7);
    const hide = "update memory set visibility = 1, agent_id = case when id = any($1::uuid[]) then $2::uuid end";
    await database.storage.session.run(
      inWorkspace(workspaceId),
      { name: null, text: hide },
      [`{${own.join(",")}}`, agentId],
      null,
    );
    for (let i = 0; i < 10; i++) {
      const query = near(topics[i]!);
      const found = await find(query, agentId);
      const exact = own
        .map((id) => [cosine(vectors[ids.indexOf(id)]!, query), id] as const)
        .sort((a, b) => b[0] - a[0]);
      expect(found.truncated).toBe(false);
      const best = [...found.candidates].sort((a, b) => b.cosine! - a.cosine!).slice(0, K);
      for (const one of best) expect(one.cosine).toBeGreaterThanOrEqual(exact[K - 1]![0] - ROUNDING);
      expect(best).toHaveLength(K);
    }
  });
});
