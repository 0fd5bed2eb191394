import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  Change as ChangePb,
  EmbeddingStatus as EmbeddingStatusPb,
  type MemoryInput as MemoryInputPb,
  type Memory as MemoryPb,
  MemorySchema,
  Outcome as OutcomePb,
  type Revision as RevisionPb,
  RevisionSchema,
  Visibility as VisibilityPb,
} from "../../../gen/server/cairn/v1/memory_pb.ts";
import type { JsonObject } from "../../domain/json.ts";
import type {
  Change,
  EmbeddingStatus,
  Memory,
  MemoryBody,
  MemorySubject,
  Outcome,
  Revision,
  Visibility,
} from "../../domain/memory.ts";
import { fromTimestamp, toTimestamp } from "./time.ts";

const VISIBILITY: Record<Visibility, VisibilityPb> = {
  private: VisibilityPb.PRIVATE,
  shared: VisibilityPb.SHARED,
};

const EMBEDDING_STATUS: Record<EmbeddingStatus, EmbeddingStatusPb> = {
  attached: EmbeddingStatusPb.ATTACHED,
  pending: EmbeddingStatusPb.PENDING,
  failed: EmbeddingStatusPb.FAILED,
  disabled: EmbeddingStatusPb.DISABLED,
};

const OUTCOME: Record<Outcome, OutcomePb> = {
  created: OutcomePb.CREATED,
  updated: OutcomePb.UPDATED,
  unchanged: OutcomePb.UNCHANGED,
  revived: OutcomePb.REVIVED,
  merged: OutcomePb.MERGED,
  rejected: OutcomePb.REJECTED,
};

const CHANGE: Record<Change, ChangePb> = {
  created: ChangePb.CREATED,
  updated: ChangePb.UPDATED,
  revived: ChangePb.REVIVED,
  deleted: ChangePb.DELETED,
  restored: ChangePb.RESTORED,
  reverted: ChangePb.REVERTED,
  purged: ChangePb.PURGED,
};

const DEFAULT_SUBJECT_TYPE = "self";
const DEFAULT_CONFIDENCE = 1;

export function toOutcome(outcome: Outcome): OutcomePb {
  return OUTCOME[outcome];
}

export function fromVisibility(visibility: VisibilityPb): Visibility {
  return visibility === VisibilityPb.SHARED ? "shared" : "private";
}

/** Optional fields of the wire are absent, never null. */
export function toMemory(memory: Memory): MemoryPb {
  const init: MessageInitShape<typeof MemorySchema> = {
    id: memory.id,
    workspaceId: memory.workspaceId,
    subjectType: memory.subjectType,
    kind: memory.kind,
    title: memory.title,
    content: memory.content,
    visibility: VISIBILITY[memory.visibility],
    metadata: memory.metadata as Record<string, never>,
    tags: [...memory.tags],
    linkedEntities: memory.linkedEntities.map((entity) => ({ type: entity.type, id: entity.id })),
    confidence: memory.confidence,
    embeddingStatus: EMBEDDING_STATUS[memory.embeddingStatus],
    revision: memory.revision,
    createTime: toTimestamp(memory.createTime),
    updateTime: toTimestamp(memory.updateTime),
  };
  if (memory.volumeId !== null) init.volumeId = memory.volumeId;
  if (memory.agentId !== null) init.agentId = memory.agentId;
  if (memory.subjectId !== null) init.subjectId = memory.subjectId;
  if (memory.key !== null) init.key = memory.key;
  if (memory.sourceKind !== null) init.sourceKind = memory.sourceKind;
  if (memory.sourceId !== null) init.sourceId = memory.sourceId;
  if (memory.sourceContext !== null) init.sourceContext = memory.sourceContext;
  if (memory.provenance !== null) init.provenance = memory.provenance;
  if (memory.parentMemoryId !== null) init.parentMemoryId = memory.parentMemoryId;
  if (memory.expireTime !== null) init.expireTime = toTimestamp(memory.expireTime);
  if (memory.expireReason !== null) init.expireReason = memory.expireReason;
  if (memory.shapeId !== null) init.shapeId = memory.shapeId;
  if (memory.guard !== null) init.guard = { ...memory.guard };
  if (memory.deleteTime !== null) init.deleteTime = toTimestamp(memory.deleteTime);
  return create(MemorySchema, init);
}

export function toRevision(revision: Revision): RevisionPb {
  return create(RevisionSchema, {
    memoryId: revision.memoryId,
    revision: revision.revision,
    change: CHANGE[revision.change],
    keyId: revision.keyId,
    deltaId: revision.deltaId,
    api: revision.api,
    createTime: toTimestamp(revision.createTime),
    ...(revision.memory ? { memory: toMemory(revision.memory) } : {}),
    ...(revision.agentId ? { agentId: revision.agentId } : {}),
    ...(revision.requestId ? { requestId: revision.requestId } : {}),
  });
}

export function fromSubject(input: MemoryInputPb): MemorySubject {
  return {
    volumeId: uuidOrNull(input.volumeId),
    agentId: uuidOrNull(input.agentId),
    subjectType: input.subjectType === "" ? DEFAULT_SUBJECT_TYPE : input.subjectType,
    subjectId: input.subjectId ?? null,
    kind: input.kind,
    key: input.key ?? null,
  };
}

export function fromBody(input: MemoryInputPb): MemoryBody {
  return {
    title: input.title,
    content: input.content,
    visibility: fromVisibility(input.visibility),
    metadata: (input.metadata ?? {}) as JsonObject,
    tags: input.tags,
    linkedEntities: input.linkedEntities.map((entity) => ({ type: entity.type, id: entity.id })),
    confidence: input.confidence ?? DEFAULT_CONFIDENCE,
    sourceKind: input.sourceKind ?? null,
    sourceId: input.sourceId ?? null,
    sourceContext: input.sourceContext ?? null,
    provenance: input.provenance ?? null,
    parentMemoryId: uuidOrNull(input.parentMemoryId),
    expireTime: fromTimestamp(input.expireTime),
    expireReason: input.expireReason ?? null,
    shapeId: uuidOrNull(input.shapeId),
  };
}

function uuidOrNull(uuid: string | undefined): string | null {
  return uuid?.toLowerCase() ?? null;
}
