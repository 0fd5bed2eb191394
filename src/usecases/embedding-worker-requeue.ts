import type { EmbeddingQueue, RequeueCursor } from "../domain/ports/embedding-queue.ts";
import { BackgroundLoop } from "./background-loop.ts";

export interface RequeueDeps {
  readonly queue: Pick<EmbeddingQueue, "requeue">;
  readonly generation: number;
  /** Told once the worker has something to do. */
  readonly onPending: () => void;
  readonly onError: (error: unknown) => void;
}

export interface RequeueOptions {
  /** Rest between two pieces of the table. Default 50 ms. */
  readonly betweenMs?: number;
}

const DAY_MS = 24 * 3600 * 1000;

/**
 * Walks the memories once a start, and daily, and makes those pending that lack a vector of the generation: after a change of
 * the model, and for those that were FAILED.
 */
export function requeueLoop(deps: RequeueDeps, options: RequeueOptions = {}): BackgroundLoop {
  let cursor: RequeueCursor | null = null;
  return new BackgroundLoop({
    onError: deps.onError,
    turn: async () => {
      cursor = await deps.queue.requeue(deps.generation, cursor);
      deps.onPending();
      return { ms: cursor === null ? DAY_MS : (options.betweenMs ?? 50) };
    },
  });
}
