import type { MemoryFilter } from "../domain/memory.ts";
import type { Access } from "../domain/ports/memory-store.ts";
import { idFloor } from "./id-floor.ts";
import { readableBy } from "./memories/visibility.ts";
import type { Parameters } from "./parameters.ts";
import type { Tenancy } from "./tenancy.ts";

/** Not deleted, not expired: the same on every read path. */
export const LIVE = "(m.delete_time is null and (m.expire_time is null or m.expire_time > now()))";

export const NO_FILTER = "true";

/** What the principal may read, on `m`; `true` for the workspace's own authority. */
export function viewOf(access: Access, parameters: Parameters): string {
  const of = (id: string | null) => id && parameters.add(id, "uuid");
  return readableBy(of(access.agentId), of(access.volumeId));
}

/** Every field of the filter that is set, on `m`; `true` where none is. */
export function filterOf(filter: MemoryFilter, tenancy: Tenancy, parameters: Parameters): string {
  const parts = [...columns(filter, parameters), ...facets(filter, tenancy, parameters)];
  return parts.length === 0 ? NO_FILTER : parts.join(" and ");
}

function columns(filter: MemoryFilter, parameters: Parameters): string[] {
  const parts: string[] = [];
  const compare = (column: string, operator: string, value: string | number | undefined, type: string): void => {
    if (value !== undefined) parts.push(`m.${column} ${operator} ${parameters.add(value, type)}`);
  };
  compare("subject_type", "=", filter.subjectType, "text");
  compare("subject_id", "=", filter.subjectId, "text");
  compare("key", "=", filter.key, "text");
  compare("agent_id", "=", filter.agentId, "uuid");
  compare("volume_id", "=", filter.volumeId, "uuid");
  compare("source_kind", "=", filter.sourceKind, "text");
  compare("source_id", "=", filter.sourceId, "text");
  compare("visibility", "=", filter.visibility && (filter.visibility === "private" ? 1 : 2), "smallint");
  compare("create_time", ">", filter.createdAfter?.toISOString(), "timestamptz");
  compare("create_time", "<", filter.createdBefore?.toISOString(), "timestamptz");
  // Ids are as old as their memories, and indexed.
  compare("id", ">=", filter.createdAfter && idFloor(filter.createdAfter.getTime()), "uuid");
  compare("id", "<", filter.createdBefore && idFloor(filter.createdBefore.getTime()), "uuid");
  compare("update_time", ">", filter.updatedAfter?.toISOString(), "timestamptz");
  compare("update_time", "<", filter.updatedBefore?.toISOString(), "timestamptz");
  if (filter.kinds?.length) parts.push(`m.kind = any(${parameters.addTexts(filter.kinds)})`);
  if (filter.metadata && Object.keys(filter.metadata).length > 0) {
    parts.push(`m.metadata @> ${parameters.add(JSON.stringify(filter.metadata), "jsonb")}`);
  }
  return parts;
}

/** The tables find, by leakproof equality; the arrays decide, as a write that was overtaken may leave rows in the tables. */
function facets(filter: MemoryFilter, tenancy: Tenancy, parameters: Parameters): string[] {
  const tagged = (which: string): string =>
    `exists (select from memory_tag t where ${tenancy.of("t")} and t.memory_id = m.id and t.tag ${which})`;
  const parts: string[] = [];
  if (filter.tagsAny?.length) {
    const tags = parameters.addTexts(filter.tagsAny);
    parts.push(tagged(`= any(${tags})`), `m.tags && ${tags}`);
  }
  for (const tag of new Set(filter.tagsAll)) parts.push(tagged(`= ${parameters.add(tag, "text")}`));
  if (filter.tagsAll?.length) parts.push(`m.tags @> ${parameters.addTexts(filter.tagsAll)}`);
  // No index can help to find what is not tagged, and an anti-join may be planned as one look through all tags a row.
  if (filter.tagsNone?.length) parts.push(`not m.tags && ${parameters.addTexts(filter.tagsNone)}`);
  if (filter.linkedEntity) {
    const { type, id } = filter.linkedEntity;
    parts.push(
      `exists (select from memory_linked_entity l where ${tenancy.of("l")} and l.memory_id = m.id
      and l.entity_type = ${parameters.add(type, "text")} and l.entity_id = ${parameters.add(id, "text")})`,
      `m.linked_entities @> ${parameters.add(JSON.stringify([{ type, id }]), "jsonb")}`,
    );
  }
  return parts;
}
