import type { JsonObject } from "../domain/json.ts";
import type { GuardVerdict, LinkedEntity, Memory, Revision } from "../domain/memory.ts";
import { CHANGES, EMBEDDING_STATUSES, VISIBILITIES } from "./codes.ts";
import type { Row } from "./session.ts";

const NAMES = ["id", "workspace_id", "revision"];
/** What a revision's state repeats. */
const STATE = [
  "volume_id",
  "agent_id",
  "subject_type",
  "subject_id",
  "kind",
  "key",
  "title",
  "content",
  "visibility",
  "metadata",
  "tags",
  "linked_entities",
  "confidence",
  "source_kind",
  "source_id",
  "source_context",
  "provenance",
  "parent_memory_id",
  "expire_time",
  "expire_reason",
  "shape_id",
  "guard",
  "embedding_status",
  "create_time",
  "update_time",
  "delete_time",
];

/** Columns that make a Memory, of a table's alias. */
export function memoryColumns(alias: string): string {
  return [...NAMES, ...STATE].map((column) => `${alias}.${column}`).join(", ");
}

/** SQL of a revision's `state`, from a row of memory. */
export function stateOf(alias: string): string {
  return `jsonb_build_object(${STATE.map((column) => `'${column}', ${alias}.${column}`).join(", ")})`;
}

/** A row of `memoryColumns`. */
export function toMemory(row: Row): Memory {
  return {
    id: row.id as string,
    workspaceId: row.workspace_id as string,
    volumeId: row.volume_id as string | null,
    agentId: row.agent_id as string | null,
    subjectType: row.subject_type as string,
    subjectId: row.subject_id as string | null,
    kind: row.kind as string,
    key: row.key as string | null,
    title: row.title as string,
    content: row.content as string,
    visibility: VISIBILITIES[row.visibility as number]!,
    metadata: row.metadata as JsonObject,
    tags: row.tags as readonly string[],
    // jsonb keeps keys in an order of its own.
    linkedEntities: (row.linked_entities as readonly LinkedEntity[]).map(({ type, id }) => ({ type, id })),
    confidence: row.confidence as number,
    sourceKind: row.source_kind as string | null,
    sourceId: row.source_id as string | null,
    sourceContext: row.source_context as string | null,
    provenance: row.provenance as string | null,
    parentMemoryId: row.parent_memory_id as string | null,
    expireTime: row.expire_time as Date | null,
    expireReason: row.expire_reason as string | null,
    shapeId: row.shape_id as string | null,
    embeddingStatus: EMBEDDING_STATUSES[row.embedding_status as number]!,
    guard: row.guard as GuardVerdict | null,
    revision: row.revision as number,
    createTime: row.create_time as Date,
    updateTime: row.update_time as Date,
    deleteTime: row.delete_time as Date | null,
  };
}

function asDate(text: unknown): Date | null {
  return text === null ? null : new Date(text as string);
}

/** The memory that a row of memory_revision (workspace_id, memory_id, revision, state) left behind. */
export function memoryOfRevision(row: Row): Memory | null {
  const state = row.state as Row | null;
  if (state === null) {
    return null;
  }
  return toMemory({
    ...state,
    id: row.memory_id,
    workspace_id: row.workspace_id,
    revision: row.revision,
    expire_time: asDate(state.expire_time),
    create_time: asDate(state.create_time),
    update_time: asDate(state.update_time),
    delete_time: asDate(state.delete_time),
  });
}

export function toRevision(row: Row): Revision {
  return {
    memoryId: row.memory_id as string,
    revision: row.revision as number,
    change: CHANGES[row.change as number]!,
    memory: memoryOfRevision(row),
    keyId: row.key_id as string,
    agentId: row.agent_id as string | null,
    deltaId: row.delta_id as string,
    requestId: row.request_id as string | null,
    door: row.door as string,
    createTime: row.create_time as Date,
  };
}
