import { NamedParameters } from "../engine/named-parameters.ts";
import type { Statement } from "../engine/session.ts";
import type { Tenancy } from "../engine/tenancy.ts";
import { AUDIT_TYPES, auditPlaceholders } from "./audit.ts";
import { CHANGE, EMBEDDING_STATUS, OUTCOME } from "./codes.ts";
import { erasureParts } from "./erasure.ts";
import { type MemoryColumn, type MemoryField, PATCHABLE } from "./memory-entity.ts";
import { LIVE } from "./memory-predicates.ts";
import { memoryColumns } from "./memory-row.ts";
import { CHANGED_COLUMNS, facetParts, REVISION_COLUMNS, revisionPart } from "./revision-parts.ts";
import { changeableBy, orNull, readableBy } from "./visibility.ts";
import { WRITE_TIME } from "./write-time.ts";

const PRINCIPAL_TYPES = { workspaceId: "uuid", id: "uuid", principalAgentId: "uuid", principalVolumeId: "uuid" };
const CHANGE_TYPES = { ...PRINCIPAL_TYPES, expectedRevision: "integer", ...AUDIT_TYPES };
const NEW_TYPES = Object.fromEntries(PATCHABLE.map(({ field, type }) => [`new_${field}`, type.sql])) as Record<
  `new_${MemoryField}`,
  string
>;

/** Of a statement that finds one memory for a principal. */
export const READ_PARAMETERS = new NamedParameters(PRINCIPAL_TYPES);
/** Of a statement that changes it. */
export const CHANGE_PARAMETERS = new NamedParameters(CHANGE_TYPES);
/** `mask`: a bit for each column that changes, by `maskBit`; `new_…`: what it becomes. */
export const PATCH_PARAMETERS = new NamedParameters({ ...CHANGE_TYPES, mask: "integer", ...NEW_TYPES });

/** A patchable column's bit in the mask. */
export function maskBit(field: MemoryField): number {
  return 1 << PATCHABLE.findIndex((column) => column.field === field);
}

const { at } = PATCH_PARAMETERS;
const AUDIT = auditPlaceholders(at);
const EXPECTED = `(${at.expectedRevision} is null or m.revision = ${at.expectedRevision})`;
export const READABLE = orNull(readableBy, at.principalAgentId, at.principalVolumeId);
const CHANGEABLE = orNull(changeableBy, at.principalAgentId, at.principalVolumeId);

function isUnpatched(field: MemoryField): string {
  return `${at.mask} & ${maskBit(field)} = 0`;
}

function assignment({ field, name }: MemoryColumn): string {
  return `${name} = case when ${isUnpatched(field)} then m.${name} else ${at[`new_${field}`]} end`;
}

function isSame(columns: readonly MemoryColumn[]): string {
  const each = columns.map(
    ({ field, name }) => `(${isUnpatched(field)} or m.${name} is not distinct from ${at[`new_${field}`]})`,
  );
  return `(${each.join(" and ")})`;
}

/** Sets what the mask names; a change of the searched text asks for a new vector. */
export function patch(tenancy: Tenancy): Statement {
  const same = isSame(PATCHABLE);
  const sameText = isSame(PATCHABLE.filter((column) => column.searched));
  return {
    name: "memory_patch",
    text: `with up as (
    update memory m set ${PATCHABLE.map(assignment).join(", ")},
      last_outcome = case when ${same} then ${OUTCOME.unchanged} else ${OUTCOME.updated} end,
      revision = m.revision + case when ${same} then 0 else 1 end,
      content_revision = m.content_revision + case when ${sameText} then 0 else 1 end,
      embedding_status = case when ${sameText} then m.embedding_status else ${EMBEDDING_STATUS.pending} end,
      embed_attempts = case when ${sameText} then m.embed_attempts else 0 end,
      embed_after = case when ${sameText} then m.embed_after else now() end,
      update_time = ${WRITE_TIME}
    where ${tenancy.of("m")} and m.id = ${at.id} and ${LIVE} and ${CHANGEABLE} and ${EXPECTED}
      and (${isUnpatched("kind")} or m.key is null or m.kind = ${at.new_kind})
    returning ${CHANGED_COLUMNS}),
  ${revisionPart(`${CHANGE.updated}`, AUDIT)},
  ${facetParts(tenancy)}
  select * from up`,
  };
}

export function softDelete(tenancy: Tenancy): Statement {
  return {
    name: "memory_delete",
    text: `with up as (
    update memory m set last_outcome = ${OUTCOME.updated}, revision = m.revision + 1,
      (delete_time, update_time) = (select x.time, x.time from (select ${WRITE_TIME} as time) x)
    where ${tenancy.of("m")} and m.id = ${at.id} and ${LIVE} and ${CHANGEABLE} and ${EXPECTED}
    returning ${CHANGED_COLUMNS}),
  ${revisionPart(`${CHANGE.deleted}`, AUDIT)}
  select * from up`,
  };
}

/** Brings back what is deleted or expired; a live row is none of it. */
export function restore(tenancy: Tenancy): Statement {
  return {
    name: "memory_restore",
    text: `with up as (
    update memory m set delete_time = null, last_outcome = ${OUTCOME.revived}, revision = m.revision + 1,
      expire_time = case when m.expire_time <= now() then null else m.expire_time end,
      update_time = ${WRITE_TIME}
    where ${tenancy.of("m")} and m.id = ${at.id} and not ${LIVE} and ${CHANGEABLE} and ${EXPECTED}
    returning ${CHANGED_COLUMNS}),
  ${revisionPart(`${CHANGE.restored}`, AUDIT)}
  select * from up`,
  };
}

/** Locks the row first: only a snapshot that is taken then sees every revision that must go. Takes READ_PARAMETERS' first two. */
export function lockRow(tenancy: Tenancy): Statement {
  return {
    name: "memory_lock",
    text: `select m.id from memory m where ${tenancy.of("m")} and m.id = ${at.id} for update`,
  };
}

/** Erases row, revisions, vectors, facets and what request records say of it; leaves one tombstone. */
export function purge(tenancy: Tenancy): Statement {
  return {
    name: "memory_purge",
    text: `with victim as (
    delete from memory m where ${tenancy.of("m")} and m.id = ${at.id} and ${CHANGEABLE} and ${EXPECTED}
    returning m.workspace_id, m.id, m.revision, ${WRITE_TIME} as time),
  ${erasureParts(tenancy)},
  tombstone as (
    insert into memory_revision (${REVISION_COLUMNS})
    select v.workspace_id, v.id, v.revision + 1, ${CHANGE.purged}, null, (select epoch from feed_epoch), v.time, ${AUDIT}
    from victim v)
  select id from victim`,
  };
}

/** The row that a rejected change found, for the reason. */
export function existingById(tenancy: Tenancy): Statement {
  return {
    name: "memory_existing_by_id",
    text: `select ${memoryColumns("m")}, ${LIVE} as live, ${CHANGEABLE} as changeable
    from memory m where ${tenancy.of("m")} and m.id = ${at.id} and ${READABLE}`,
  };
}
