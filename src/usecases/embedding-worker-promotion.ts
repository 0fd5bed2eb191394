import type { EmbeddingQueue } from "../domain/ports/embedding-queue.ts";
import { BackgroundLoop } from "./background-loop.ts";

export interface PromotionDeps {
  readonly queue: Pick<EmbeddingQueue, "promote">;
  /** Generations whose vectors are searched, or are about to be. */
  readonly generations: () => readonly number[];
  readonly onError: (error: unknown) => void;
}

export interface PromotionOptions {
  /** Rest where no workspace has enough. Default 30 seconds. */
  readonly everyMs?: number;
  /** Rest between two batches, so that writes get their turn. Default 100 ms. */
  readonly betweenMs?: number;
}

/** Keeps the un-indexed tail of large workspaces short, one bounded batch a turn. */
export function promotionLoop(deps: PromotionDeps, options: PromotionOptions = {}): BackgroundLoop {
  return new BackgroundLoop({
    onError: deps.onError,
    turn: async () => {
      let moved = 0;
      for (const generation of deps.generations()) moved += await deps.queue.promote(generation);
      return { ms: moved > 0 ? (options.betweenMs ?? 100) : (options.everyMs ?? 30_000) };
    },
  });
}
