import { defineEntity, p } from "@mikro-orm/core";
import { HalfvecType } from "pgvector/mikro-orm";

/** One model at one dimension. `state`: 1 building, 2 active, 3 retired, 4 being dropped, 5 dropped. */
export const EmbeddingGenerationEntity = defineEntity({
  name: "EmbeddingGeneration",
  tableName: "embedding_generation",
  properties: {
    id: p.smallint().primary(),
    model: p.text(),
    dimensions: p.integer(),
    state: p.smallint(),
    createTime: p.datetime(3),
    activateTime: p.datetime(3).nullable(),
    retireTime: p.datetime(3).nullable(),
    scanned: p.boolean(),
    scanWorkspaceId: p.uuid(),
    scanMemoryId: p.uuid(),
  },
});

/** A table of its own, as an update of a row that holds a vector would insert it into HNSW anew; undimensioned. */
export const MemoryEmbeddingEntity = defineEntity({
  name: "MemoryEmbedding",
  tableName: "memory_embedding",
  properties: {
    workspaceId: p.uuid().primary(),
    memoryId: p.uuid().primary(),
    generation: p.smallint().primary(),
    contentRevision: p.integer(),
    indexed: p.boolean(),
    embedding: p.type(HalfvecType).columnType("halfvec"),
  },
});

/** What the generation that is being built lacks. `state`: 2 due, 3 rejected by the provider, 4 nothing that its model knows. */
export const EmbeddingBacklogEntity = defineEntity({
  name: "EmbeddingBacklog",
  tableName: "embedding_backlog",
  properties: {
    workspaceId: p.uuid().primary(),
    memoryId: p.uuid().primary(),
    generation: p.smallint().primary(),
    contentRevision: p.integer(),
    state: p.smallint(),
    attempts: p.smallint(),
    dueAfter: p.datetime(3),
  },
});
