import { DomainError } from "../../domain/failure.ts";
import type { Embedder } from "../../domain/ports/embedder.ts";

/**
 * Stands for a model that this process cannot make vectors of, such as one that is no longer built in: searches degrade to
 * words alone and say so, writes are left pending.
 */
export function absentEmbedder(model: string, dimensions: number): Embedder {
  return {
    model,
    dimensions,
    local: true,
    async embed() {
      const problem = `the generation in use is of ${model}, which is not configured here`;
      throw new DomainError("EMBEDDER_UNAVAILABLE", `embedding provider: ${problem}`, { problem });
    },
  };
}
