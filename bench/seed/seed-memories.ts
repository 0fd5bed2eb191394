import type { Client } from "pg";
import { PROMOTION } from "../../src/storage/embeddings/embedding-queue.ts";
import { createUuidV7Source } from "../../src/system/uuid-v7.ts";
import { builtInEmbedder } from "../../test/embeddings/built-in-embedder.ts";
import { digestOf, type Tenant } from "./tenants.ts";
import type { Writer } from "./words.ts";

const ROWS_A_STATEMENT = 1000;
const DAY_MS = 86_400_000;
/** As the worker leaves it: workspaces beyond this are in the HNSW index, but for a short tail. */
const { largeFrom, tail } = PROMOTION.postgres;
const SCOPES = ["memory:read", "memory:write", "admin"];

interface SeedRow {
  readonly workspaceId: string;
  readonly id: string;
  readonly content: string;
  readonly indexed: boolean;
  readonly deleted: boolean;
  readonly expireTime: string | null;
}

/**
 * Fills the tables as the server would have, in interleaved order of arrival: 5 % deleted, 5 % expired, 5 % to expire. The HNSW
 * index is built after the rows are there. The client's user must own the tables.
 */
export async function seedMemories(
  client: Client,
  tenants: readonly Tenant[],
  writer: Writer,
  generation: number,
): Promise<void> {
  await insertTenants(client, tenants);
  const index = await dropIndex(client, `memory_embedding_hnsw_${generation}`);
  // Every row is made here, so that checking each foreign key would only take time.
  await client.query("set session_replication_role = replica");
  const rows = rowsOf(tenants, writer);
  for (let at = 0; at < rows.length; at += ROWS_A_STATEMENT) {
    await insertRows(client, rows.slice(at, at + ROWS_A_STATEMENT), generation);
  }
  await client.query("set session_replication_role = origin");
  await client.query(index);
  await client.query("vacuum analyze");
}

async function insertTenants(client: Client, tenants: readonly Tenant[]): Promise<void> {
  await client.query("insert into workspace (id, handle) select * from unnest($1::uuid[], $2::text[])", [
    tenants.map((one) => one.workspaceId),
    tenants.map((one) => one.handle),
  ]);
  await client.query(
    `insert into api_key (workspace_id, id, digest, scopes)
     select t.w, t.i, t.d, $4::text[] from unnest($1::uuid[], $2::uuid[], $3::bytea[]) as t(w, i, d)`,
    [
      tenants.map((one) => one.workspaceId),
      tenants.map((one) => one.keyId),
      tenants.map((one) => digestOf(one.secret)),
      SCOPES,
    ],
  );
}

/** Answers the statement that makes it again. */
async function dropIndex(client: Client, name: string): Promise<string> {
  const { rows } = await client.query("select pg_get_indexdef($1::regclass) as sql", [name]);
  await client.query(`drop index ${name}`);
  return rows[0].sql;
}

function rowsOf(tenants: readonly Tenant[], writer: Writer): SeedRow[] {
  const ids = createUuidV7Source({ now: Date.now });
  const places = tenants.flatMap((tenant) => {
    const topics = Array.from({ length: Math.max(3, Math.round(tenant.memories / 100)) }, () => writer.anyTopic());
    return Array.from({ length: tenant.memories }, (_, at) => ({ tenant, at, topics }));
  });
  shuffle(places, writer);
  return places.map(({ tenant, at, topics }) => {
    const fate = writer.between(0, 99);
    const expires = fate < 5 ? null : fate < 10 ? -DAY_MS : fate < 15 ? 30 * DAY_MS : null;
    return {
      workspaceId: tenant.workspaceId,
      id: ids.next(),
      content: writer.text(topics[writer.between(0, topics.length - 1)] as number, writer.between(12, 25)),
      indexed: tenant.memories >= largeFrom && at < tenant.memories - tail,
      deleted: fate < 5,
      expireTime: expires === null ? null : new Date(Date.now() + expires).toISOString(),
    };
  });
}

function shuffle<T>(values: T[], writer: Writer): void {
  for (let at = values.length - 1; at > 0; at--) {
    const other = writer.between(0, at);
    [values[at], values[other]] = [values[other] as T, values[at] as T];
  }
}

async function insertRows(client: Client, rows: readonly SeedRow[], generation: number): Promise<void> {
  const embedder = builtInEmbedder;
  const vectors = await embedder.embed(
    rows.map((row) => row.content),
    new AbortController().signal,
  );
  await client.query(
    `insert into memory (workspace_id, id, subject_type, kind, content, visibility, language, embedding_status, create_time,
       update_time, delete_time, expire_time)
     select t.w, t.i, 'self', 'note', t.c, 2, 'english', 1, now(), now(), case when t.d then now() end, t.x
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::boolean[], $5::timestamptz[]) as t(w, i, c, d, x)`,
    [
      rows.map((row) => row.workspaceId),
      rows.map((row) => row.id),
      rows.map((row) => row.content),
      rows.map((row) => row.deleted),
      rows.map((row) => row.expireTime),
    ],
  );
  await client.query(
    `insert into memory_embedding (workspace_id, memory_id, generation, content_revision, indexed, embedding)
     select t.w, t.i, $3, 1, t.x, t.e::halfvec(${embedder.dimensions})
     from unnest($1::uuid[], $2::uuid[], $4::boolean[], $5::text[]) as t(w, i, x, e)`,
    [
      rows.map((row) => row.workspaceId),
      rows.map((row) => row.id),
      generation,
      rows.map((row) => row.indexed),
      vectors.map((vector) => `[${(vector as Float32Array).join()}]`),
    ],
  );
}
