import type { Tenancy } from "../engine/tenancy.ts";
import { AUDIT_COLUMNS } from "./audit.ts";
import { memoryColumns, stateOf } from "./memory-row.ts";

/** What `up`, the changed row, hands to the parts behind it and to the answer. */
export const CHANGED_COLUMNS = `${memoryColumns("m")}, m.content_revision, m.last_outcome`;

export const REVISION_COLUMNS = `workspace_id, memory_id, revision, change, state, epoch, create_time, ${AUDIT_COLUMNS}`;

/** The revision row of the change in `up`; `change` is SQL of its code, `audit` the placeholders of who made it. */
export function revisionPart(change: string, audit: string): string {
  return `rev as (
    insert into memory_revision (${REVISION_COLUMNS})
    select up.workspace_id, up.id, up.revision, ${change}, ${stateOf("up")}, (select epoch from feed_epoch), up.update_time,
      ${audit}
    from up where up.last_outcome <> 3)`;
}

/**
 * Tags and linked entities beside the arrays. What a concurrent write of the same memory adds is not seen by the deletion, so
 * that a stale row may stay: readers check the arrays too.
 */
export function facetParts(tenancy: Tenancy): string {
  return `untag as (
    delete from memory_tag t using up
    where ${tenancy.of("t")} and t.memory_id = up.id and up.last_outcome in (2, 4) and t.tag <> all (up.tags)),
  tag as (
    insert into memory_tag (workspace_id, memory_id, tag)
    select up.workspace_id, up.id, x.tag from up, unnest(up.tags) x(tag) where up.last_outcome <> 3
    on conflict do nothing),
  unlink as (
    delete from memory_linked_entity l using up
    where ${tenancy.of("l")} and l.memory_id = up.id and up.last_outcome in (2, 4)
      and not up.linked_entities @> jsonb_build_array(jsonb_build_object('type', l.entity_type, 'id', l.entity_id))),
  link as (
    insert into memory_linked_entity (workspace_id, memory_id, entity_type, entity_id)
    select up.workspace_id, up.id, x.type, x.id
    from up, jsonb_to_recordset(up.linked_entities) x(type text, id text) where up.last_outcome <> 3
    on conflict do nothing)`;
}
