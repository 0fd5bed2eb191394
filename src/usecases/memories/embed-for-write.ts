import { DomainError } from "../../domain/failure.ts";
import type { TextVector } from "../../domain/ports/memory-store.ts";
import type { EmbeddingSource } from "../embeddings/active-embedding.ts";
import { embedWithin } from "../embeddings/embed-within.ts";

/** What a write stores for each text, in order. Rejects only where the caller gives up. */
export type EmbedForWrite = (
  texts: readonly string[],
  signal: AbortSignal,
) => Promise<readonly (TextVector | "pending" | "disabled")[]>;

const DEFAULT_BUDGET_MS = 250;

/**
 * Embeds searched texts on their way into the store. A remote provider has `budgetMs`; past it, or down, the texts are left to
 * a worker as "pending". "disabled": no vector is wanted, or the provider knows nothing in the text.
 */
export function embedForWrite(source: EmbeddingSource, budgetMs: number = DEFAULT_BUDGET_MS): EmbedForWrite {
  return async (texts, signal) => {
    const active = source();
    if (active === null || texts.length === 0) return texts.map(() => "disabled" as const);
    try {
      const vectors = await embedWithin(active.embedder, texts, budgetMs, signal);
      return vectors.map((vector) => (vector === null ? "disabled" : { generation: active.generation, vector }));
    } catch (error) {
      if (error instanceof DomainError && error.reason === "EMBEDDER_UNAVAILABLE") {
        return texts.map(() => "pending" as const);
      }
      throw error;
    }
  };
}
