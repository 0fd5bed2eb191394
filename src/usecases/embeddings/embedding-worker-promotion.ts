import type { EmbeddingQueue } from "../../domain/ports/embedding-queue.ts";
import { BackgroundLoop } from "./background-loop.ts";
import type { IndexingProgress } from "./indexing-progress.ts";

export interface PromotionDeps {
  readonly queue: Pick<EmbeddingQueue, "promote" | "indexing">;
  readonly progress: IndexingProgress;
  /** Generations whose vectors are searched, or are about to be. */
  readonly generations: () => readonly number[];
  readonly onError: (error: unknown) => void;
}

export interface PromotionOptions {
  /** Rest where no workspace has enough. Default 30 seconds. */
  readonly everyMs?: number;
  /** Least rest between two steps, so that writes get their turn. Default 100 ms. */
  readonly betweenMs?: number;
}

/** Keeps the un-indexed tail of large workspaces short, one bounded step a turn. */
export function promotionLoop(deps: PromotionDeps, options: PromotionOptions = {}): BackgroundLoop {
  return new BackgroundLoop({
    onError: deps.onError,
    turn: async () => {
      const { queue, progress } = deps;
      let moved = 0;
      let restMs = options.betweenMs ?? 100;
      for (const generation of deps.generations()) {
        const step = await queue.promote(generation);
        await progress.step(generation, step.moved, async () => (await queue.indexing(generation)).toIndex);
        moved += step.moved;
        restMs = Math.max(restMs, step.restMs);
      }
      return { ms: moved > 0 ? restMs : (options.everyMs ?? 30_000) };
    },
  });
}
