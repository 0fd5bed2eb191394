import { FeedEpochEntity, SigningKeyEntity } from "./administration/control-entities.ts";
import {
  EmbeddingBacklogEntity,
  EmbeddingGenerationEntity,
  MemoryEmbeddingEntity,
} from "./embeddings/embedding-entities.ts";
import { AgentEntity } from "./entities/agent-entity.ts";
import { KeyEntity } from "./entities/key-entity.ts";
import { WorkspaceEntity } from "./entities/workspace-entity.ts";
import { MemoryLinkedEntityEntity, MemoryTagEntity } from "./memories/facet-entities.ts";
import { MemoryEntity } from "./memories/memory-entity.ts";
import { MemoryRevisionEntity } from "./memories/memory-revision-entity.ts";
import { RequestMemoryEntity, RequestRecordEntity } from "./memories/request-entities.ts";

/** Every table; a test holds them to the migrated schema. */
export const ENTITIES = [
  ...[WorkspaceEntity, AgentEntity, KeyEntity, SigningKeyEntity, FeedEpochEntity],
  ...[MemoryEntity, MemoryRevisionEntity, MemoryTagEntity, MemoryLinkedEntityEntity],
  ...[RequestRecordEntity, RequestMemoryEntity],
  ...[EmbeddingGenerationEntity, MemoryEmbeddingEntity, EmbeddingBacklogEntity],
];
