import type { MessageInitShape } from "@bufbuild/protobuf";
import { EmbeddingStatus, type Memory, Outcome, Visibility } from "../../../gen/server/cairn/v1/memory_pb.ts";
import type { SearchResult } from "../../../gen/server/cairn/v1/memory_service_pb.ts";
import type { MemoryAnswerSchema, MemorySchema, SearchHitSchema } from "../../../gen/server/trustpager/v1/memory_pb.ts";

type Fields = Omit<MessageInitShape<typeof MemorySchema>, "$typeName"> & { readonly id: string };

/** A memory in TrustPager's terms. Title, volume, revision and the other fields that it has no word for stay out. */
export function memoryOf(memory: Memory): Fields {
  const { id, subjectType, kind, content, tags, confidence } = memory;
  return {
    ...{ id, subjectType, kind, content, tags, confidence },
    companyId: memory.workspaceId,
    visibility: memory.visibility === Visibility.SHARED ? "shared" : "private",
    metadata: memory.metadata ?? {},
    linkedEntities: memory.linkedEntities.map((entity) => ({ type: entity.type, id: entity.id })),
    embeddingStatus: EMBEDDING_STATUS[memory.embeddingStatus] ?? "pending",
    ...(memory.agentId === undefined ? {} : { agentRegistryId: memory.agentId }),
    ...(memory.subjectId === undefined ? {} : { subjectId: memory.subjectId }),
    ...(memory.key === undefined ? {} : { key: memory.key }),
    ...(memory.sourceKind === undefined ? {} : { sourceKind: memory.sourceKind }),
    ...(memory.sourceId === undefined ? {} : { sourceId: memory.sourceId }),
    ...(memory.parentMemoryId === undefined ? {} : { parentMemoryId: memory.parentMemoryId }),
    ...(memory.expireTime === undefined ? {} : { expiresAt: memory.expireTime }),
    ...(memory.createTime === undefined ? {} : { createdAt: memory.createTime }),
    ...(memory.updateTime === undefined ? {} : { updatedAt: memory.updateTime }),
    ...(memory.deleteTime === undefined ? {} : { deletedAt: memory.deleteTime }),
  };
}

/** The answer of an operation on one memory; `created` decides between 201 and 200. */
export function answerOf(answer: {
  memory?: Memory | undefined;
  outcome?: Outcome;
}): MessageInitShape<typeof MemoryAnswerSchema> {
  const created = answer.outcome === Outcome.CREATED;
  return answer.memory === undefined ? { created } : { created, memory: memoryOf(answer.memory) };
}

/** A search result: the memory's fields and its similarity, 0 where it has no vector yet. */
export function hitOf({ memory, signals }: SearchResult): MessageInitShape<typeof SearchHitSchema> {
  return { ...(memory === undefined ? {} : memoryOf(memory)), similarity: signals?.cosine ?? 0 };
}

const EMBEDDING_STATUS: Record<EmbeddingStatus, string> = {
  [EmbeddingStatus.UNSPECIFIED]: "pending",
  [EmbeddingStatus.ATTACHED]: "attached",
  [EmbeddingStatus.PENDING]: "pending",
  [EmbeddingStatus.FAILED]: "failed",
  [EmbeddingStatus.DISABLED]: "disabled",
};
