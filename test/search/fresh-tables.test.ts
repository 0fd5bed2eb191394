import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { MemoryFilter } from "../../src/domain/memory.ts";
import { MemoryRepository } from "../../src/storage/memories/memory-repository.ts";
import { SqlSearchStore } from "../../src/storage/search/search-store.ts";
import { describeOnPostgres } from "../app/engines.ts";
import { vectorAt } from "../store/tenant.ts";
import { ExplainingSession, type Plan } from "./explaining-session.ts";
import { type Database, openDatabase } from "./open-database.ts";
import { never } from "./seed.ts";
import { agentId, seedAtScale, workspaceId } from "./seed-at-scale.ts";

const SIZE = Number(process.env.CAIRN_FRESH_MEMORIES ?? 10_000);
/** Rows that one statement may come by: five looks at everything. A join that goes wrong comes by a thousand. */
const MOST_ROWS = 5 * SIZE;

const SCAN =
  /(?:Scan|Scan Backward)\b.* on (?:memory|memory_tag|memory_linked_entity|memory_embedding)\b.*rows=([\d.]+) loops=(\d+)/;
const REMOVED = /Rows Removed by (?:Filter|Index Recheck): (\d+)/;

/** Rows of large tables that a statement came by, those included that it dropped. */
function rowsOf({ text }: Plan): number {
  let sum = 0;
  let loops = 0;
  for (const line of text.split("\n")) {
    const scan = SCAN.exec(line);
    if (/->|^\w/.test(line)) loops = scan ? Number(scan[2]) : 0;
    if (scan) sum += Number(scan[1]) * loops;
    sum += Number(REMOVED.exec(line)?.[1] ?? 0) * loops;
  }
  return sum;
}

const FILTERS: Readonly<Record<string, MemoryFilter>> = {
  "subject type": { subjectType: "contact" },
  subject: { subjectType: "contact", subjectId: "c-77" },
  kinds: { kinds: ["kind-3", "kind-4"] },
  "any tag": { tagsAny: ["group-7", "tag-9"] },
  "all tags": { tagsAll: ["tag-77", "group-7"] },
  "a tag that none has": { tagsAll: ["group-6", "absent"] },
  "no tag": { tagsNone: ["group-1"] },
  "linked entity": { linkedEntity: { type: "contact", id: "c-76" } },
  agent: { agentId: agentId(7) },
  visibility: { visibility: "shared" },
  metadata: { metadata: { ref: "meta7" } },
  created: { createdAfter: new Date(1_760_000_100_000), createdBefore: new Date(1_760_000_500_000) },
  updated: { updatedAfter: new Date(0) },
};

describeOnPostgres(`filters on ${SIZE} memories of which no statistics exist`, () => {
  let database: Database;
  let admin: pg.Client;
  let session: ExplainingSession;
  let searches: SqlSearchStore;
  let memories: MemoryRepository;
  const access = { workspaceId: workspaceId(0), agentId: null, volumeId: null };

  beforeAll(async () => {
    database = await openDatabase("postgres");
    admin = new pg.Client({ connectionString: database.url! });
    await admin.connect();
    for (const table of ["memory", "memory_tag", "memory_linked_entity", "memory_embedding"]) {
      await admin.query(`alter table ${table} set (autovacuum_enabled = off)`);
    }
    await seedAtScale(admin, [SIZE], 2 * SIZE, false);
    session = new ExplainingSession(database.storage.session, true);
    searches = new SqlSearchStore(session, database.storage.tenancy);
    memories = new MemoryRepository(database.storage.orm.em, session, database.storage.tenancy);
  });
  afterAll(async () => {
    await admin.end();
    await database.close();
  });

  it.each(Object.keys(FILTERS))("search and list by %s, alone and with any other", async (name) => {
    const { rows } = await admin.query("select id from memory order by id desc offset $1 limit 1", [SIZE / 2]);
    const query = { text: "topic42 common word", language: "english", vector: { generation: 1, values: vectorAt(5) } };
    const page = { limit: 51, showDeleted: false, showExpired: false };
    for (const other of Object.keys(FILTERS).filter((one) => one >= name)) {
      const filter = { ...FILTERS[name], ...FILTERS[other] };
      session.plans.length = 0;
      await searches.candidates(access, { ...query, filter, perRetriever: 50, withNeighbours: true }, never);
      await memories.list(access, { ...page, filter, beforeId: null }, never);
      await memories.list(access, { ...page, filter, beforeId: rows[0].id }, never);
      for (const plan of session.plans) expect(rowsOf(plan), `${other}\n${plan.text}`).toBeLessThan(MOST_ROWS);
    }
  });
});
