import type pg from "pg";

/** Workspaces whose sizes are skewed as tenants' are: one with 30,000 memories, two with 10,000, many small ones. */
export const SKEWED = { sizes: [30_000, 10_000, 10_000, ...Array(300).fill(100), ...Array(1000).fill(20)] };

export const TOPICS = 200;
const DIMENSIONS = 256;

/** Deterministic: workspace n of a seeded database. */
export function workspaceId(n: number): string {
  return `0190a000-0000-7000-8000-${String(n).padStart(12, "0")}`;
}

/** Agent n; memory i of a workspace belongs to agent i modulo 50. */
export function agentId(n: number): string {
  return `0190b000-0000-7000-8000-${String(n).padStart(12, "0")}`;
}

/**
 * Seeds by SQL alone, as the database's own user: rows interleaved over the workspaces as in real arrival, 5 % deleted, 10 %
 * expiring, vectors around TOPICS centres. `indexedAbove`: vectors of workspaces larger than that many are in the
 * HNSW index. Not `analyzed`: Postgres knows nothing of what the tables hold.
 */
export async function seedAtScale(
  client: pg.Client,
  sizes: readonly number[],
  indexedAbove: number,
  analyzed = true,
): Promise<void> {
  await client.query("set session_replication_role = replica");
  await client.query("create temp table size (n integer primary key, workspace_id uuid, size integer)");
  await client.query(
    "insert into size select n, ('0190a000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, s from unnest($1::integer[]) with ordinality as u(s, o), lateral (select (o - 1)::integer as n) x",
    [sizes],
  );
  await client.query("insert into workspace (id, handle) select workspace_id, 'w-' || n from size");
  await client.query(MEMORIES);
  await client.query("insert into memory_tag select workspace_id, id, t from memory, unnest(tags) t");
  await client.query(
    `insert into memory_linked_entity select workspace_id, id, 'contact', 'c-' || (source_id::integer % 2000) from memory
      where source_id::integer % 4 = 0`,
  );
  await client.query(REVISIONS);
  await client.query(REQUESTS);
  await client.query(
    "insert into request_memory select workspace_id, delta_id, key_id, request_id from request_record",
  );
  await client.query(TOPIC_VECTORS);
  // Built at once over what is there, the index takes a fifth of the time of its row by row growth.
  const { rows } = await client.query("select pg_get_indexdef('memory_embedding_hnsw_1'::regclass) as definition");
  await client.query("drop index memory_embedding_hnsw_1");
  await client.query(VECTORS, [indexedAbove]);
  await client.query("set maintenance_work_mem = '512MB'");
  await client.query(rows[0].definition);
  await client.query("set session_replication_role = origin");
  if (analyzed) await client.query("vacuum analyze");
}

const MEMORIES = `insert into memory (workspace_id, id, agent_id, subject_type, subject_id, kind, key, content, metadata, visibility,
    tags, source_kind, source_id, expire_time, delete_time, language, embedding_status, create_time, update_time)
  select s.workspace_id,
    (lpad(to_hex(1760000000000 + r * 20 + s.n), 12, '0') || '7' || lpad(to_hex(s.n % 4096), 3, '0') || '8' || lpad(to_hex(r * 2000 + s.n), 15, '0'))::uuid,
    ('0190b000-0000-7000-8000-' || lpad((i % 50)::text, 12, '0'))::uuid, 'contact', 'c-' || (i % 500), 'kind-' || (i % 20),
    case when i % 2 = 0 then 'key-' || i end,
    'Note ' || i || ' on topic' || (i::bigint * 7919 % 200) || ' and word' || (i::bigint * 104729 % 5000) || ': common words that the notes share',
    jsonb_build_object('ref', 'meta' || (i % 1000), 'score', i % 100), case when i % 3 = 0 then 1 else 2 end,
    array['tag-' || (i % 300), 'group-' || (i % 10)], 'email', i::text,
    case when i % 10 = 0 then now() + interval '30 days' end, case when i % 20 = 1 then now() end, 'english', 1,
    to_timestamp((1760000000000 + r * 20) / 1000.0), now()
  from size s, generate_series(1, s.size) i, lateral (select (i * 30000::bigint / s.size) as r) x
  order by r, s.n`;

const REVISIONS = `insert into memory_revision (workspace_id, memory_id, revision, change, state, key_id, agent_id, api, delta_id,
    call_id, epoch, create_time)
  select workspace_id, id, 1, 1, jsonb_build_object('content', content), workspace_id, agent_id, 'native', id, 'call', 1, create_time
  from memory`;

/** One for every fifth memory, all of the last hour. */
const REQUESTS = `insert into request_record (workspace_id, key_id, request_id, method, body_hash, delta_id, create_time)
  select workspace_id, workspace_id, 'request-' || source_id, 'WriteMemory', 'hash', id, now() - interval '1 hour'
  from memory where source_id::integer % 5 = 0`;

/** Random directions; cosine between two of them is near 0. */
const TOPIC_VECTORS = `create temp table topic as
  select t, array(select (random() + random() + random() - 1.5)::real from generate_series(1, ${DIMENSIONS}) where t is not null) as v
  from generate_series(0, ${TOPICS - 1}) t`;

const VECTORS = `insert into memory_embedding (workspace_id, memory_id, generation, content_revision, indexed, embedding)
  select m.workspace_id, m.id, 1, 1, s.size > $1,
    (select array_agg(x + ((random() - 0.5) * 1.2)::real) from unnest(t.v) x)::vector::halfvec
  from memory m join size s using (workspace_id) join topic t on t.t = m.source_id::bigint * 7919 % ${TOPICS}`;
