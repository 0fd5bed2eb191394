import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { MemoryFilter } from "../../src/domain/memory.ts";
import type { Access } from "../../src/domain/ports/memory-store.ts";
import { SqlSweeper } from "../../src/storage/administration/sweeper.ts";
import { SqlEmbeddingQueue } from "../../src/storage/embeddings/embedding-queue.ts";
import { MemoryRepository } from "../../src/storage/memories/memory-repository.ts";
import { SqlSearchStore } from "../../src/storage/search/search-store.ts";
import { describeOnPostgres } from "../app/engines.ts";
import { item, Tenant, vectorAt } from "../store/tenant.ts";
import { ExplainingSession } from "./explaining-session.ts";
import { type Database, openDatabase } from "./open-database.ts";
import { never } from "./seed.ts";
import { agentId, SKEWED, seedAtScale, workspaceId } from "./seed-at-scale.ts";

/** Tables whose size grows with what callers store: to read one of them from end to end is a fault. */
const LARGE = /Seq Scan on (memory|memory_tag|memory_linked_entity|memory_embedding|memory_revision|request_record)\b/;

describeOnPostgres("plans over 100,000 memories, as the application's role", () => {
  let database: Database;
  let admin: pg.Client;
  let session: ExplainingSession;
  let memories: MemoryRepository;
  let searches: SqlSearchStore;
  let tenant: Tenant;
  const access: Access = { workspaceId: workspaceId(0), agentId: null, volumeId: null };
  const agent: Access = { ...access, agentId: agentId(7) };

  beforeAll(async () => {
    database = await openDatabase("postgres");
    admin = new pg.Client({ connectionString: database.url! });
    await admin.connect();
    await seedAtScale(admin, SKEWED.sizes, 20_000);
    const { tenancy } = database.storage;
    session = new ExplainingSession(database.storage.session);
    memories = new MemoryRepository(database.storage.orm.em, session, tenancy);
    searches = new SqlSearchStore(session, tenancy);
    tenant = await Tenant.make({ ...database.storage, memories });
    Object.assign(tenant, { workspaceId: workspaceId(0) });
  }, 180_000);
  afterAll(async () => {
    await admin.end();
    await database.close();
  });

  beforeEach(() => {
    session.plans.length = 0;
  });

  /** Every statement that was run stays off sequential scans, and some statement uses each of the indexes. */
  function expectIndexes(...indexes: string[]): void {
    expect(session.plans.length).toBeGreaterThan(0);
    for (const plan of session.plans) {
      expect(plan.text, `${plan.statement} (${plan.kind})`).not.toMatch(LARGE);
    }
    for (const kind of new Set(session.plans.map((plan) => plan.kind))) {
      const plans = session.plans.filter((plan) => plan.kind === kind).map((plan) => plan.text);
      for (const index of indexes) expect(plans.join("\n\n"), kind).toMatch(new RegExp(`\\b${index}\\b`));
    }
  }

  async function anyId(condition = "delete_time is null"): Promise<string> {
    const text = `select id from memory where workspace_id = $1 and ${condition} limit 1`;
    return (await admin.query(text, [access.workspaceId])).rows[0].id;
  }

  it("counts 100,000 memories", async () => {
    expect((await admin.query("select count(*)::integer as n from memory")).rows[0].n).toBe(100_000);
  });

  it("gets by primary key", async () => {
    const id = await anyId();
    const visible = { showDeleted: false, showExpired: false };
    expect((await memories.get(access, id, visible, never))?.id).toBe(id);
    await memories.get(agent, id, visible, never);
    await memories.getLive(access, [id], {}, never);
    expectIndexes("memory_pkey");
  });

  const lists: [string, MemoryFilter, string][] = [
    ["nothing", {}, "memory_pkey"],
    ["subject", { subjectType: "contact", subjectId: "c-77" }, "memory_subject"],
    ["kind", { kinds: ["kind-3"] }, "memory_(kind|pkey)"],
    ["a rare kind", { kinds: ["no-such-kind"] }, "memory_kind"],
    ["key", { key: "key-77" }, "memory_(key|tuple|pkey)"],
    ["tag", { tagsAny: ["tag-77"] }, "memory_tag_(of|pkey)"],
    ["all of several tags", { tagsAll: ["tag-77", "group-7"] }, "memory_tag_(of|pkey)"],
    ["linked entity", { linkedEntity: { type: "contact", id: "c-76" } }, "memory_linked_entity_(of|pkey)"],
    ["agent", { agentId: agentId(7) }, "memory_agent"],
    ["source", { sourceKind: "email", sourceId: "77" }, "memory_source"],
    ["creation", { createdAfter: new Date(1_760_000_500_000) }, "memory_pkey"],
    ["update", { updatedAfter: new Date(0) }, "memory_pkey"],
    ["visibility", { visibility: "shared" }, "memory_pkey"],
  ];
  it.each(lists)("lists by %s", async (_, filter, index) => {
    const command = { filter, beforeId: null, limit: 51, showDeleted: false, showExpired: false };
    await memories.list(access, command, never);
    await memories.list(agent, { ...command, beforeId: await anyId() }, never);
    expectIndexes(index);
  });

  it("writes by the tuple's index, and changes by primary key", async () => {
    const embedding = { generation: 1, vector: vectorAt(3) };
    const keyed = {
      subjectType: "contact",
      subjectId: "c-2",
      kind: "kind-2",
      key: "key-2",
      agentId: agentId(2),
      embedding,
    };
    expect((await tenant.put({ ...keyed, tags: ["tag-1", "new"] })).outcome).toBe("updated");
    const { memory } = await tenant.put({ ...keyed, mode: "update_only", content: "changed" });
    await tenant.put(item({ content: "without a key" }));
    await memories.update(tenant.mutation(), { id: memory.id, patch: { title: "T" }, expectedRevision: null });
    await memories.delete(tenant.mutation(), memory.id, null);
    await memories.restore(tenant.mutation(), memory.id, null);
    await memories.listRevisions(access, memory.id, null, 1, never);
    await memories.purge(tenant.mutation(), memory.id, null);
    expectIndexes("memory_tuple", "memory_pkey");
  });

  const values = vectorAt(5);
  const command = {
    text: "topic42 word77",
    language: "english",
    vector: { generation: 1, values },
    filter: {},
    perRetriever: 50,
  };

  it.each([
    ["the workspace", access],
    ["an agent", agent],
    ["a small workspace", { ...access, workspaceId: workspaceId(400) }],
  ])("searches as %s: body by HNSW, tail and look-ups by their own indexes", async (_, who) => {
    await searches.candidates(who, command, never);
    expectIndexes("memory_embedding_hnsw_1", "memory_embedding_tail", "memory_pkey", "memory_embedding_pkey");
  });

  it("keeps to HNSW in a plan without values, and sorts no body", async () => {
    await searches.candidates(access, { ...command, text: null }, never);
    const body = session.plans[0]!.text.split("CTE body")[1]!.split("CTE tail")[0]!;
    expect(body).toContain("Index Scan using memory_embedding_hnsw_1");
    expect(body).not.toContain("Sort");
  });

  it("finds words by their index, through the function that may", async () => {
    const { rows } = await admin.query("select prosrc from pg_proc where proname = 'search_text' and pronargs = 6");
    const [, body] = /return query\s+([\s\S]+?);/.exec(rows[0].prosrc)!;
    const query = body!
      .replaceAll(/\b(viewer|home)\b/g, "null::uuid")
      .replaceAll(/\bbound\b(?! preceding)/g, "50000")
      .replaceAll(/\bpool\b/g, "200");
    await admin.query(`begin; set local role cairn_definer; set local cairn.workspace = '${access.workspaceId}'`);
    const text = query
      .replaceAll(/\bquery\b/g, "'topic42 | word77'::tsquery")
      .replaceAll(/\bterms\b/g, "array['topic42', 'word77']::tsquery[]");
    const plan = await admin.query(`explain (costs off) ${text}`);
    await admin.query("rollback");
    const lines = plan.rows.map((row) => row["QUERY PLAN"]).join("\n");
    expect(lines.match(/Bitmap Index Scan on memory_tsv/g)).toHaveLength(2);
    expect(lines.match(/Index Cond: .*workspace_id = .*tsv @@/g)).toHaveLength(2);
    expect(lines).not.toMatch(LARGE);
  });

  it("looks at the memories before and after candidates by the index of their source", async () => {
    const full = { ...command, withTexts: true, withNeighbours: true };
    await searches.candidates(access, full, never);
    await searches.candidates(agent, { ...full, filter: { tagsAny: ["tag-77"] } }, never);
    expectIndexes("memory_source");
    for (const { text } of session.plans) {
      expect(text.match(/Index Scan Backward using memory_source/g)).toHaveLength(2);
      expect(text.match(/Index Scan using memory_source/g)).toHaveLength(2);
      expect(text).not.toMatch(/Sort Key: p\.id/);
    }
  });

  it("finds phrases by the words' index, and leaves out what is excluded row by row", async () => {
    await searches.candidates(access, { ...command, phrases: ["topic42 and word77"], excluded: ["word78"] }, never);
    await searches.candidates(access, { ...command, excluded: ["topic43"] }, never);
    expectIndexes("memory_pkey", "memory_embedding_pkey");
  });

  it("finds terms with punctuation by the words' index or among the newest, never by reading the whole table", async () => {
    const text = "$topic42 or AT&T";
    const found = await searches.candidates(access, { ...command, text, vector: null, withTexts: true }, never);
    expect(found.identifiers).toEqual(["topic42", "$topic42", "at&t"]);
    await searches.candidates(access, { ...command, text, filter: { tagsAny: ["tag-77"] } }, never);
    await searches.candidates(access, { ...command, text: "no -C++", phrases: ["AT&T"], excluded: ["C++"] }, never);
    expectIndexes("memory_pkey");
    const newest = session.plans[0]!.text.split("CTE looked")[1]!.split("CTE sized")[0]!;
    expect(newest).toMatch(/Function Scan on search_text/);
    expect(newest).toMatch(/Limit\s[\s\S]*Index Scan Backward using memory_pkey/);
    expect(newest).not.toContain("Sort");
  });

  it("finds likely spellings by the words' index, through the function that may", async () => {
    const found = await searches.similarLexemes(access, [{ lexeme: "commmon", beginnings: ["co", "oc"] }], never);
    expect(found.map((one) => one.lexeme)).toContain("common");
    const { rows } = await admin.query("select prosrc from pg_proc where proname = 'similar_lexemes' and pronargs = 6");
    const [, body] = /return query\s+([\s\S]+?);/.exec(rows[0].prosrc)!;
    const query = body!
      .replaceAll(/\b(viewer|home)\b/g, "null::uuid")
      .replaceAll(/\bbound\b/g, "5000")
      .replaceAll(/\bbytes\b/g, "2000000")
      .replaceAll(/\bbeginnings\b/g, "'''wor'':*'::tsquery")
      .replaceAll(/\bwanted\b/g, "'word'");
    await admin.query(`begin; set local role cairn_definer; set local cairn.workspace = '${access.workspaceId}'`);
    const plan = await admin.query(`explain (costs off) ${query}`);
    await admin.query("rollback");
    const lines = plan.rows.map((row) => row["QUERY PLAN"]).join("\n");
    expect(lines).toMatch(/Index Scan on memory_tsv[\s\S]*Index Cond: .*workspace_id = .*tsv @@/);
    expect(lines).not.toMatch(LARGE);
  });

  const filtered: [string, MemoryFilter, string][] = [
    ["subject", { subjectType: "contact", subjectId: "c-77" }, "memory_subject"],
    ["a rare kind", { kinds: ["no-such-kind"] }, "memory_kind"],
    ["tag", { tagsAny: ["tag-77"] }, "memory_tag_of"],
    ["linked entity", { linkedEntity: { type: "contact", id: "c-76" } }, "memory_linked_entity_of"],
    ["source", { sourceKind: "email", sourceId: "77" }, "memory_source"],
    ["agent", { agentId: agentId(7) }, "memory_agent"],
  ];
  it.each(filtered)("searches what %s leaves, found by its index", async (_, filter, index) => {
    await searches.candidates(access, { ...command, filter }, never);
    expectIndexes(index, "memory_pkey", "memory_embedding_pkey");
  });

  it("claims, completes, promotes and requeues by index", async () => {
    const queue = new SqlEmbeddingQueue(session, database.storage.tenancy, {
      largeFrom: 5000,
      tail: 500,
      batchSize: 20,
    });
    await admin.query("update memory set embedding_status = 2 where workspace_id = $1 and source_id::integer < 40", [
      access.workspaceId,
    ]);
    const claimed = await queue.claim(8, 60_000);
    expect(claimed).toHaveLength(8);
    await queue.complete(
      1,
      claimed.slice(4).map((one) => ({ ...one, vector: values })),
    );
    await queue.release(claimed.slice(0, 4), 1000, 5);
    expect((await queue.promote(1)).moved).toBe(20);
    await queue.requeue(1, { workspaceId: workspaceId(3), memoryId: workspaceId(0) });
    expectIndexes("memory_pending", "memory_pkey", "memory_embedding_tail");
  });

  it("sweeps by index", async () => {
    await admin.query(
      "update memory set delete_time = now() - interval '60 days' where workspace_id = $1 and source_id::integer < 40",
      [workspaceId(1)],
    );
    const swept = await new SqlSweeper(session, database.storage.tenancy).sweep(100, never);
    expect(swept.memories).toBe(39);
    expectIndexes("memory_retention", "request_record_age", "memory_pkey");
  });
});
