export type Query = (sql: string) => Promise<readonly Record<string, unknown>[]>;

/** Of memory_revision.change: the tombstone that is left of a memory. */
const PURGED = 7;

/** Each finds rows of a write that was only half done, as the database's own user, who sees every workspace. */
const FAULTS: Readonly<Record<string, string>> = {
  "a memory without its newest revision": `select m.id from memory m where not exists (
    select from memory_revision r
    where r.workspace_id = m.workspace_id and r.memory_id = m.id and r.revision = m.revision)`,
  "revisions with a gap": `select r.memory_id as id from memory_revision r
    group by r.workspace_id, r.memory_id
    having (count(*) <> max(r.revision) or min(r.revision) <> 1) and not (count(*) = 1 and min(r.change) = ${PURGED})`,
  "a revision without its memory": `select r.memory_id as id from memory_revision r where r.change <> ${PURGED} and not exists (
    select from memory m where m.workspace_id = r.workspace_id and m.id = r.memory_id)`,
  "a memory that was purged": `select m.id from memory m join memory_revision r
    on r.workspace_id = m.workspace_id and r.memory_id = m.id and r.change = ${PURGED}`,
  // Rows beyond the array are no fault: writes that overtake each other leave them, and readers go by the array.
  "a memory with a tag that is not indexed": `select m.id from memory m, unnest(m.tags) x where not exists (
    select from memory_tag t where t.workspace_id = m.workspace_id and t.memory_id = m.id and t.tag = x)`,
  "an attached memory without a vector of its text": `select m.id from memory m where m.embedding_status = 1
    and not exists (select from memory_embedding e
      where e.workspace_id = m.workspace_id and e.memory_id = m.id and e.content_revision = m.content_revision)`,
  "a live key twice": `select min(m.id::text) as id from memory m where m.key is not null
    group by m.workspace_id, m.volume_id, m.agent_id, m.subject_type, m.subject_id, m.kind, m.key having count(*) > 1`,
};

/** Every btree against its table: each row must be in it, in order. */
const CHECK_INDEXES = `select bt_index_check(c.oid, true) from pg_index i join pg_class c on c.oid = i.indexrelid
  join pg_am a on a.oid = c.relam where a.amname = 'btree' and c.relnamespace = 'public'::regnamespace`;

/** @throws Error that names what is half written, and the first memories; or which index lost a row. */
export async function findHalfWritten(query: Query): Promise<void> {
  await query("create extension if not exists amcheck");
  await query(CHECK_INDEXES);
  const counted = await query("select count(*)::int as memories from memory");
  if (Number(counted[0]?.memories) === 0) throw new Error("the database is empty: there is nothing to find");
  for (const [fault, sql] of Object.entries(FAULTS)) {
    const rows = await query(`${sql} limit 5`);
    if (rows.length > 0) throw new Error(`${fault}: ${rows.map((row) => String(row.id)).join(", ")}`);
  }
}
