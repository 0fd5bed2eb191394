import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Caller } from "../../src/domain/caller.ts";
import type { RankedResult, SearchSummary } from "../../src/domain/search.ts";
import { openAiEmbedder } from "../../src/embedding/openai-embedder.ts";
import { inWorkspace } from "../../src/storage/engine/session.ts";
import { systemClock } from "../../src/system/system-clock.ts";
import type { ActiveEmbedding } from "../../src/usecases/embeddings/active-embedding.ts";
import { search } from "../../src/usecases/search/search.ts";
import type { SearchInput } from "../../src/usecases/search/search-input.ts";
import { describeOnEngines, type EngineName } from "../app/engines.ts";
import { builtInEmbedder } from "../embeddings/built-in-embedder.ts";
import type { Database } from "./open-database.ts";
import { makeWorkspace, never, type SeedMemory, seed } from "./seed.ts";
import { shareDatabase } from "./share-database.ts";

const BUILT_IN: ActiveEmbedding = { embedder: builtInEmbedder, generation: 1 };
const DOWN: ActiveEmbedding = {
  embedder: openAiEmbedder({ url: "http://127.0.0.1:1", model: "m", dimensions: 256, attempts: 1 }),
  generation: 1,
};
const INPUT: SearchInput = {
  query: "llama",
  mode: "hybrid",
  filter: {},
  limit: 10,
  minScore: null,
  minSimilarity: null,
  lexicalPassesSimilarity: false,
};

describeOnEngines("search", (engine: EngineName) => {
  let database: Database;

  beforeAll(async () => {
    database = await shareDatabase(engine);
  });
  afterAll(() => database.close());

  async function workspace(memories: readonly SeedMemory[]): Promise<{ caller: Caller; ids: string[] }> {
    const workspaceId = await makeWorkspace(database.storage);
    const ids = await seed(database.storage, workspaceId, memories);
    const scopes = new Set(["memory:read"] as const);
    const who = { agentId: null, boundToAgent: false, registersAgents: true, volumeId: null, expireTime: null };
    const caller = {
      ...who,
      workspaceId,
      keyId: workspaceId,
      scopes,
      callId: "c",
      api: "native",
      language: "english",
    };
    return { caller, ids };
  }

  function stream(
    caller: Caller,
    input: Partial<SearchInput> = {},
    embedding: ActiveEmbedding | null = BUILT_IN,
    signal = never,
  ) {
    const { searches, memories } = database.storage;
    return search({ searches, memories, embedding, clock: systemClock }, caller, { ...INPUT, ...input }, signal);
  }

  async function run(caller: Caller, input: Partial<SearchInput> = {}, embedding: ActiveEmbedding | null = BUILT_IN) {
    const results: RankedResult[] = [];
    const summaries: SearchSummary[] = [];
    for await (const part of stream(caller, input, embedding)) {
      if ("result" in part) results.push(part.result);
      else summaries.push(part.summary);
    }
    expect(summaries).toHaveLength(1);
    return { results, ids: results.map((one) => one.memory.id), summary: summaries[0]! };
  }

  async function execute(caller: Caller, text: string, ...values: string[]): Promise<void> {
    await database.storage.session.run(inWorkspace(caller.workspaceId), { name: null, text }, values, null);
  }

  const llamas = (count: number): SeedMemory[] =>
    Array.from({ length: count }, (_, i) => ({ content: `llama ${"filler ".repeat(i)}` }));

  it("yields results in rank order with their signals, then one summary", async () => {
    const { caller, ids } = await workspace([
      { content: "alpacas" },
      { content: "llama wool price" },
      { content: "llama" },
    ]);
    const { results, summary } = await run(caller, { query: "llama price" });
    expect(results.map((one) => [one.rank, one.memory.id])).toEqual([
      [1, ids[1]],
      [2, ids[2]],
      [3, ids[0]],
    ]);
    expect(results[0]!.signals).toMatchObject({ lexical: 1, lateInteraction: null });
    expect(results[0]!.score).toBeCloseTo(0.4 + results[0]!.signals.cosine!, 6);
    expect(results[0]!.memory.content).toBe("llama wool price");
    expect(summary).toMatchObject({ count: 3, skipped: 0, truncated: false, degraded: false, generation: "static-v1" });
    expect(Math.abs(summary.readTime.getTime() - Date.now())).toBeLessThan(60_000);
  });

  it("stops at the limit", async () => {
    const { caller } = await workspace(llamas(30));
    const { ids, summary } = await run(caller, { limit: 7 });
    expect([ids.length, summary.count, summary.truncated]).toEqual([7, 7, false]);
  });

  it("skips and counts what vanishes while it streams, and goes on to the next", async () => {
    const { caller } = await workspace(llamas(30));
    const expected = (await run(caller, { limit: 30 })).ids;
    const parts = stream(caller, { limit: 15 });
    const seen = [(await parts.next()).value!];
    await execute(caller, "update memory set delete_time = now() where id = $1::uuid", expected[10]!);
    await execute(caller, "update memory set expire_time = now() where id = $1::uuid", expected[11]!);
    await execute(caller, "delete from memory where id = $1::uuid", expected[12]!);
    for await (const part of parts) seen.push(part);
    const ids = seen.flatMap((part) => ("result" in part ? [part.result.memory.id] : []));
    expect(ids).toEqual([...expected.slice(0, 10), ...expected.slice(13, 18)]);
    expect(seen.at(-1)).toMatchObject({ summary: { count: 15, skipped: 3, truncated: false } });
  });

  it("skips what leaves the filter or the reader's view while it streams", async () => {
    const agentId = "0190a000-0000-7000-8000-00000000000a";
    const { caller } = await workspace(llamas(14));
    const reader = { ...caller, agentId };
    const expected = (await run(reader, { limit: 14 })).ids;
    const parts = stream(reader, { limit: 14, filter: { kinds: ["note"] } });
    await parts.next();
    await execute(caller, "update memory set kind = 'other' where id = $1::uuid", expected[10]!);
    await execute(caller, "update memory set visibility = 1 where id = $1::uuid", expected[11]!);
    let last: unknown;
    for await (const part of parts) last = part;
    expect(last).toMatchObject({ summary: { count: 12, skipped: 2 } });
  });

  it("holds no connection while its reader does not pull", async () => {
    const { caller, ids } = await workspace(llamas(20));
    const readers = Array.from({ length: 50 }, () => stream(caller, { limit: 20 }));
    await Promise.all(readers.map((reader) => reader.next()));
    const access = { workspaceId: caller.workspaceId, agentId: null, volumeId: null };
    const hidden = { showDeleted: false, showExpired: false };
    const gets = ids.map((id) => database.storage.memories.get(access, id, hidden, AbortSignal.timeout(5000)));
    expect((await Promise.all(gets)).map((one) => one?.id)).toEqual(ids);
    await Promise.all(readers.map((reader) => reader.return()));
  });

  it("ranks by words alone where the provider is down, and says so", async () => {
    const { caller, ids } = await workspace([{ content: "llama" }, { content: "alpaca" }]);
    const { ids: found, summary, results } = await run(caller, {}, DOWN);
    expect(found).toEqual([ids[0]]);
    expect(results[0]!.signals.cosine).toBeNull();
    expect(summary).toMatchObject({ degraded: true, generation: "", count: 1 });
  });

  it("fails in mode SEMANTIC where the provider is down or there is none", async () => {
    const { caller } = await workspace([{ content: "llama" }]);
    for (const embedding of [DOWN, null]) {
      await expect(run(caller, { mode: "semantic" }, embedding)).rejects.toMatchObject({
        reason: "EMBEDDER_UNAVAILABLE",
      });
    }
  });

  it("needs no provider for words, and does not call that degraded", async () => {
    const { caller, ids } = await workspace([{ content: "llama" }, { content: "alpaca" }]);
    for (const mode of ["hybrid", "lexical"] as const) {
      const { ids: found, summary } = await run(caller, { mode }, null);
      expect([found, summary.degraded, summary.generation]).toEqual([[ids[0]], false, ""]);
    }
  });

  it("keeps to each mode's own signal", async () => {
    const { caller, ids } = await workspace([
      { content: "llamas" },
      { content: "alpaca" },
      { content: "llama", embedded: false },
    ]);
    expect((await run(caller, { mode: "semantic" })).ids).toEqual([ids[0], ids[1]]);
    expect(new Set((await run(caller, { mode: "lexical" })).ids)).toEqual(new Set([ids[0], ids[2]]));
  });

  it("holds the floor on similarity, and lets words pass where it is told to", async () => {
    const { caller, ids } = await workspace([
      { content: "llama" },
      { content: "a text of many words about other things with one llama in it and much besides" },
      { content: "alpaca" },
    ]);
    expect((await run(caller, { minSimilarity: 0.9 })).ids).toEqual([ids[0]]);
    expect((await run(caller, { minSimilarity: 0.9, lexicalPassesSimilarity: true })).ids).toEqual([ids[0], ids[1]]);
    expect((await run(caller, { minSimilarity: 0.9, mode: "lexical" })).ids).toEqual([ids[0]]);
    const semantic = { minSimilarity: 0.9, lexicalPassesSimilarity: true, mode: "semantic" } as const;
    expect((await run(caller, semantic)).ids).toEqual([ids[0], ids[1]]);
    expect((await run(caller, { minScore: 1.2 })).ids).toEqual([ids[0]]);
  });

  it("answers a query without a word with nothing but a summary", async () => {
    const { caller } = await workspace([{ content: "llama" }]);
    for (const mode of ["hybrid", "semantic", "lexical"] as const) {
      expect((await run(caller, { query: "🙂", mode })).summary).toMatchObject({ count: 0, truncated: false });
    }
  });

  it("refuses metadata that is too large to filter by", async () => {
    const { caller } = await workspace([]);
    const filter = { metadata: { x: "y".repeat(5000) } };
    await expect(run(caller, { filter })).rejects.toMatchObject({ metadata: { field: "filter.metadata" } });
  });

  it("stops when the caller leaves between two results", async () => {
    const { caller } = await workspace(llamas(5));
    const stop = new AbortController();
    const parts = stream(caller, {}, BUILT_IN, stop.signal);
    await parts.next();
    const reason = new Error("left");
    stop.abort(reason);
    await expect(parts.next()).rejects.toBe(reason);
  });

  describe.runIf(engine === "postgres")("on a server", () => {
    it("cancels the statement in Postgres when the caller leaves", async () => {
      const { caller } = await workspace(llamas(3));
      const admin = new pg.Client({ connectionString: database.url! });
      await admin.connect();
      try {
        await admin.query("begin; lock table memory in access exclusive mode");
        const stop = new AbortController();
        const reason = new Error("left");
        const pull = stream(caller, {}, BUILT_IN, stop.signal).next();
        const outcome = pull.then(
          () => null,
          (error: unknown) => error,
        );
        await eventually(async () => (await waiting(admin)) > 0);
        stop.abort(reason);
        expect(await outcome).toBe(reason);
        expect(await waiting(admin)).toBe(0);
      } finally {
        await admin.query("rollback");
        await admin.end();
      }
    });
  });
});

async function waiting(admin: pg.Client): Promise<number> {
  const { rows } = await admin.query(
    "select count(*)::integer as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  );
  return rows[0].n;
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}
