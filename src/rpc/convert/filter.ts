import { type MemoryFilter as MemoryFilterPb, Visibility } from "../../../gen/server/cairn/v1/memory_pb.ts";
import { invalidField } from "../../domain/failure.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { MemoryFilter } from "../../domain/memory.ts";
import { fromVisibility } from "./memory.ts";
import { fromTimestamp } from "./time.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function fromFilter(filter: MemoryFilterPb | undefined): MemoryFilter {
  const result: Mutable<MemoryFilter> = {};
  if (filter === undefined) {
    return result;
  }
  for (const name of ["subjectType", "subjectId", "key", "sourceKind", "sourceId"] as const) {
    const value = filter[name];
    if (value !== undefined) result[name] = value;
  }
  for (const name of ["kinds", "tagsAny", "tagsAll", "tagsNone"] as const) {
    if (filter[name].length > 0) result[name] = filter[name];
  }
  for (const name of ["agentId", "volumeId"] as const) {
    const value = filter[name];
    if (value !== undefined) result[name] = value.toLowerCase();
  }
  for (const name of ["createdAfter", "createdBefore", "updatedAfter", "updatedBefore"] as const) {
    const date = fromTimestamp(filter[name]);
    if (date !== null) result[name] = date;
  }
  if (filter.linkedEntity) {
    result.linkedEntity = bothHalves(filter.linkedEntity);
  }
  if (filter.visibility !== Visibility.UNSPECIFIED) {
    result.visibility = fromVisibility(filter.visibility);
  }
  if (filter.metadata && Object.keys(filter.metadata).length > 0) {
    result.metadata = filter.metadata as JsonObject;
  }
  return result;
}

function bothHalves(entity: { type: string; id: string }) {
  for (const half of ["type", "id"] as const) {
    if (entity[half] === "") {
      throw invalidField(`filter.linked_entity.${half}`, "is required: type and id go together");
    }
  }
  return { type: entity.type, id: entity.id };
}
