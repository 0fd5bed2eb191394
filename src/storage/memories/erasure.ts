import type { Tenancy } from "../engine/tenancy.ts";

/**
 * What goes with the memories that `victim` deleted: their revisions, and what request records say of them. A record keeps its
 * id alone, so that a repeated request writes nothing anew. Vectors, tags and links go by their foreign keys.
 */
export function erasureParts(tenancy: Tenancy): string {
  return `revisions as (
    delete from memory_revision r using victim v where ${tenancy.of("r")} and r.memory_id = v.id),
  requests as (
    update request_record q set method = null, body_hash = null, results = null
    from request_memory n, victim v
    where ${tenancy.of("q")} and ${tenancy.of("n")} and n.memory_id = v.id
      and q.key_id = n.key_id and q.request_id = n.request_id),
  named as (
    delete from request_memory n using victim v where ${tenancy.of("n")} and n.memory_id = v.id)`;
}
