import { DomainError } from "../../domain/failure.ts";
import type { Embedder } from "../../domain/ports/embedder.ts";

/**
 * Embeds texts within a budget; a local provider takes what it needs. Throws EMBEDDER_UNAVAILABLE where the provider fails or
 * the budget is spent, and the signal's reason where the caller gives up.
 */
export async function embedWithin(
  embedder: Embedder,
  texts: readonly string[],
  budgetMs: number,
  signal: AbortSignal,
): Promise<readonly (Float32Array | null)[]> {
  if (embedder.local) return await embedder.embed(texts, signal);
  const budget = AbortSignal.timeout(budgetMs);
  try {
    return await embedder.embed(texts, AbortSignal.any([signal, budget]));
  } catch (error) {
    signal.throwIfAborted();
    if (!budget.aborted) throw error;
    const problem = `no vector within ${budgetMs} ms`;
    throw new DomainError("EMBEDDER_UNAVAILABLE", `embedding provider: ${problem}`, { problem }, error);
  }
}
