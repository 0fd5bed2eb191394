import { AgentEntity } from "../administration/agent-entity.ts";
import { FeedEpochEntity, SigningKeyEntity } from "../administration/control-entities.ts";
import { KeyEntity } from "../administration/key-entity.ts";
import { WorkspaceEntity } from "../administration/workspace-entity.ts";
import {
  EmbeddingBacklogEntity,
  EmbeddingGenerationEntity,
  MemoryEmbeddingEntity,
} from "../embeddings/embedding-entities.ts";
import { MemoryLinkedEntityEntity, MemoryTagEntity } from "../memories/facet-entities.ts";
import { MemoryEntity } from "../memories/memory-entity.ts";
import { MemoryRevisionEntity } from "../memories/memory-revision-entity.ts";
import { RequestMemoryEntity, RequestRecordEntity } from "../memories/request-entities.ts";

/** Every table; a test holds them to the migrated schema. */
export const ENTITIES = [
  ...[WorkspaceEntity, AgentEntity, KeyEntity, SigningKeyEntity, FeedEpochEntity],
  ...[MemoryEntity, MemoryRevisionEntity, MemoryTagEntity, MemoryLinkedEntityEntity],
  ...[RequestRecordEntity, RequestMemoryEntity],
  ...[EmbeddingGenerationEntity, MemoryEmbeddingEntity, EmbeddingBacklogEntity],
];
