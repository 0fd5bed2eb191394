import { LIVE } from "./memory-predicates.ts";
import { memoryColumns } from "./memory-row.ts";
import { CHANGED_COLUMNS, facetParts, revisionPart, stampPlaceholders } from "./revision-sql.ts";
import type { Statement } from "./session.ts";
import type { Tenancy } from "./tenancy.ts";

// $1 workspace, $2 id, $3 the view's agent, $4 the key's volume, $5 the expected revision, $6–$11 the stamp.
const STAMP = 6;
const MASK = 12;

/** What the view of agent $3 and volume $4 may read of `m`; the same rule as `viewOf`, with parameters that may be null. */
export const READABLE = `($3::uuid is null or (m.volume_id is null and (m.visibility = 2 or m.agent_id = $3::uuid)))
      and ($4::uuid is null or m.volume_id = $4::uuid)`;

/** What it may change, delete, restore and purge. */
const CHANGEABLE = `($3::uuid is null or (m.volume_id is null and m.agent_id = $3::uuid))
      and ($4::uuid is null or m.volume_id = $4::uuid)`;

const EXPECTED = "($5::integer is null or m.revision = $5::integer)";

/** Fields of a patch, with types; a field's bit in the mask is its place here, its value's placeholder follows the mask. */
export const PATCH_COLUMNS: readonly (readonly [field: string, column: string, type: string])[] = [
  ["title", "title", "text"],
  ["content", "content", "text"],
  ["metadata", "metadata", "jsonb"],
  ["visibility", "visibility", "smallint"],
  ["tags", "tags", "text[]"],
  ["linkedEntities", "linked_entities", "jsonb"],
  ["confidence", "confidence", "double precision"],
  ["sourceKind", "source_kind", "text"],
  ["sourceId", "source_id", "text"],
  ["sourceContext", "source_context", "text"],
  ["provenance", "provenance", "text"],
  ["parentMemoryId", "parent_memory_id", "uuid"],
  ["expireTime", "expire_time", "timestamptz"],
  ["expireReason", "expire_reason", "text"],
  ["shapeId", "shape_id", "uuid"],
  ["kind", "kind", "text"],
];
const TEXT_FIELDS = 3;
export const KIND_BIT = 1 << 15;

function isUnpatched(i: number): string {
  return `$${MASK}::integer & ${1 << i} = 0`;
}

function assignment([, column, type]: (typeof PATCH_COLUMNS)[number], i: number): string {
  return `${column} = case when ${isUnpatched(i)} then m.${column} else $${MASK + 1 + i}::${type} end`;
}

function same(columns: typeof PATCH_COLUMNS): string {
  const each = columns.map(
    ([, column, type], i) => `(${isUnpatched(i)} or m.${column} is not distinct from $${MASK + 1 + i}::${type})`,
  );
  return `(${each.join(" and ")})`;
}

/** Sets what the mask $12 names to $13, …; a change of the text asks for a new vector. */
export function patch(tenancy: Tenancy): Statement {
  const unchanged = same(PATCH_COLUMNS);
  const sameText = same(PATCH_COLUMNS.slice(0, TEXT_FIELDS));
  return {
    name: "memory_patch",
    text: `with up as (
    update memory m set ${PATCH_COLUMNS.map(assignment).join(", ")},
      last_outcome = case when ${unchanged} then 3 else 2 end,
      revision = m.revision + case when ${unchanged} then 0 else 1 end,
      content_revision = m.content_revision + case when ${sameText} then 0 else 1 end,
      embedding_status = case when ${sameText} then m.embedding_status else 2 end,
      embed_attempts = case when ${sameText} then m.embed_attempts else 0 end,
      embed_after = case when ${sameText} then m.embed_after else now() end,
      update_time = greatest(now(), m.create_time)
    where ${tenancy.of("m")} and m.id = $2::uuid and ${LIVE} and ${CHANGEABLE} and ${EXPECTED}
      and ($${MASK}::integer & ${KIND_BIT} = 0 or m.key is null or m.kind = $${MASK + 16}::text)
    returning ${CHANGED_COLUMNS}),
  ${revisionPart("2", STAMP)},
  ${facetParts(tenancy)}
  select * from up`,
  };
}

export function softDelete(tenancy: Tenancy): Statement {
  return {
    name: "memory_delete",
    text: `with up as (
    update memory m set delete_time = now(), last_outcome = 2, revision = m.revision + 1,
      update_time = greatest(now(), m.create_time)
    where ${tenancy.of("m")} and m.id = $2::uuid and ${LIVE} and ${CHANGEABLE} and ${EXPECTED}
    returning ${CHANGED_COLUMNS}),
  ${revisionPart("4", STAMP)}
  select * from up`,
  };
}

/** Brings back what is deleted or expired; a live row is none of it. */
export function restore(tenancy: Tenancy): Statement {
  return {
    name: "memory_restore",
    text: `with up as (
    update memory m set delete_time = null, last_outcome = 4, revision = m.revision + 1,
      expire_time = case when m.expire_time <= now() then null else m.expire_time end,
      update_time = greatest(now(), m.create_time)
    where ${tenancy.of("m")} and m.id = $2::uuid and not ${LIVE} and ${CHANGEABLE} and ${EXPECTED}
    returning ${CHANGED_COLUMNS}),
  ${revisionPart("5", STAMP)}
  select * from up`,
  };
}

/** Locks the row first: only a snapshot that is taken then sees every revision that must go. Takes $1 and $2. */
export function lockRow(tenancy: Tenancy): Statement {
  return {
    name: "memory_lock",
    text: `select m.id from memory m where ${tenancy.of("m")} and m.id = $2::uuid for update`,
  };
}

/** Erases row, revisions, vectors, facets and what request records say of it; leaves one tombstone. Takes the common values. */
export function purge(tenancy: Tenancy): Statement {
  return {
    name: "memory_purge",
    text: `with victim as (
    delete from memory m where ${tenancy.of("m")} and m.id = $2::uuid and ${CHANGEABLE} and ${EXPECTED}
    returning m.workspace_id, m.id, m.revision),
  revisions as (
    delete from memory_revision r using victim v where ${tenancy.of("r")} and r.memory_id = v.id),
  requests as (
    update request_record q set method = null, body_hash = null, results = null
    from request_memory n, victim v
    where ${tenancy.of("q")} and ${tenancy.of("n")} and n.memory_id = v.id
      and q.key_id = n.key_id and q.request_id = n.request_id),
  named as (
    delete from request_memory n using victim v where ${tenancy.of("n")} and n.memory_id = v.id),
  tombstone as (
    insert into memory_revision (workspace_id, memory_id, revision, change, state, epoch, create_time,
      key_id, agent_id, door, delta_id, request_id, call_id)
    select v.workspace_id, v.id, v.revision + 1, 7, null, (select epoch from feed_epoch), now(),
      ${stampPlaceholders(STAMP)}
    from victim v)
  select id from victim`,
  };
}

/** The row that a refused change met, for the reason; takes $1 to $4. */
export function metById(tenancy: Tenancy): Statement {
  return {
    name: "memory_met_by_id",
    text: `select ${memoryColumns("m")}, ${LIVE} as live, ${CHANGEABLE} as changeable
    from memory m where ${tenancy.of("m")} and m.id = $2::uuid and ${READABLE}`,
  };
}
