import { create } from "@bufbuild/protobuf";
import {
  type EmbeddingGeneration as EmbeddingGenerationPb,
  EmbeddingGenerationSchema,
  EmbeddingGenerationState,
} from "../../../gen/server/cairn/v1/embedding_pb.ts";
import type { GenerationState } from "../../domain/embedding-generation.ts";
import type { DescribedGeneration } from "../../usecases/embeddings/manage-embeddings.ts";
import { toTimestamp } from "./time.ts";

const STATES: Readonly<Record<GenerationState, EmbeddingGenerationState>> = {
  building: EmbeddingGenerationState.BUILDING,
  active: EmbeddingGenerationState.ACTIVE,
  retired: EmbeddingGenerationState.RETIRED,
  dropping: EmbeddingGenerationState.DROPPING,
};

export function toEmbeddingGeneration(described: DescribedGeneration): EmbeddingGenerationPb {
  const { generation, coverage, indexing, available, configured } = described;
  const { activateTime, retireTime } = generation;
  return create(EmbeddingGenerationSchema, {
    generation: generation.id,
    model: generation.model,
    dimensions: generation.dimensions,
    state: STATES[generation.state],
    memoryCount: BigInt(coverage.memories),
    attachedCount: BigInt(coverage.attached),
    missingCount: BigInt(coverage.missing),
    failedCount: BigInt(coverage.failed),
    disabledCount: BigInt(coverage.disabled),
    indexedCount: BigInt(indexing.indexed),
    toIndexCount: BigInt(indexing.toIndex),
    ...{ available, configured },
    createTime: toTimestamp(generation.createTime),
    ...(activateTime === null ? {} : { activateTime: toTimestamp(activateTime) }),
    ...(retireTime === null ? {} : { retireTime: toTimestamp(retireTime) }),
  });
}
