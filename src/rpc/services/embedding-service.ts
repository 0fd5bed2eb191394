import type { ServiceImpl } from "@connectrpc/connect";
import type { EmbeddingService } from "../../../gen/server/cairn/v1/embedding_service_pb.ts";
import {
  activateEmbeddingGeneration,
  buildEmbeddingGeneration,
  dropEmbeddingGeneration,
  type EmbeddingDeps,
  listEmbeddingGenerations,
} from "../../usecases/embeddings/manage-embeddings.ts";
import { toEmbeddingGeneration } from "../convert/embedding.ts";

export function embeddingService(deps: EmbeddingDeps): ServiceImpl<typeof EmbeddingService> {
  return {
    async listEmbeddingGenerations() {
      return { generations: (await listEmbeddingGenerations(deps)).map(toEmbeddingGeneration) };
    },
    async buildEmbeddingGeneration({ generation }) {
      const wanted = generation === 0 ? null : generation;
      return { generation: toEmbeddingGeneration(await buildEmbeddingGeneration(deps, wanted)) };
    },
    async activateEmbeddingGeneration({ generation, force }) {
      return { generation: toEmbeddingGeneration(await activateEmbeddingGeneration(deps, generation, force)) };
    },
    async dropEmbeddingGeneration({ generation }) {
      return { generation: toEmbeddingGeneration(await dropEmbeddingGeneration(deps, generation)) };
    },
  };
}
