import type { MemoryFilter } from "../../domain/memory.ts";
import type { Access } from "../../domain/ports/memory-store.ts";
import type { Parameters } from "../engine/parameters.ts";
import { idFloor } from "./id-floor.ts";
import { readableBy } from "./visibility.ts";

/** Not deleted, not expired: the same on every read path. */
export const LIVE = "(m.delete_time is null and (m.expire_time is null or m.expire_time > now()))";

export const NO_FILTER = "true";

/** What the principal may read, on `m`; `true` for the workspace's own authority. */
export function viewOf(access: Access, parameters: Parameters): string {
  const of = (id: string | null) => id && parameters.add(id, "uuid");
  return readableBy(of(access.agentId), of(access.volumeId));
}

/** Every field of the filter that is set, on `m` alone; `true` where none is. */
export function filterOf(filter: MemoryFilter, parameters: Parameters): string {
  const parts = [...columns(filter, parameters), ...arrays(filter, parameters)];
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
  // Of one kind the index gives the newest first.
  if (filter.kinds?.length === 1) compare("kind", "=", filter.kinds[0], "text");
  else if (filter.kinds?.length) parts.push(`m.kind = any(${parameters.addTexts(filter.kinds)})`);
  if (filter.metadata && Object.keys(filter.metadata).length > 0) {
    parts.push(`m.metadata @> ${parameters.add(JSON.stringify(filter.metadata), "jsonb")}`);
  }
  return parts;
}

/** The arrays decide, as a write that was overtaken may leave rows in the tables that help to find them. */
function arrays(filter: MemoryFilter, parameters: Parameters): string[] {
  const parts: string[] = [];
  if (filter.tagsAny?.length) parts.push(`m.tags && ${parameters.addTexts(filter.tagsAny)}`);
  if (filter.tagsAll?.length) parts.push(`m.tags @> ${parameters.addTexts(filter.tagsAll)}`);
  if (filter.tagsNone?.length) parts.push(`not m.tags && ${parameters.addTexts(filter.tagsNone)}`);
  if (filter.linkedEntity) {
    const { type, id } = filter.linkedEntity;
    parts.push(`m.linked_entities @> ${parameters.add(JSON.stringify([{ type, id }]), "jsonb")}`);
  }
  return parts;
}
