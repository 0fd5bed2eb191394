import type { EmbeddingQueue, RequeueCursor } from "../../domain/ports/embedding-queue.ts";
import { BackgroundLoop } from "./background-loop.ts";

export interface RequeueDeps {
  readonly queue: Pick<EmbeddingQueue, "requeue">;
  /** The generation in use; null: none is, or this process cannot make its vectors. */
  readonly generation: () => number | null;
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
 * Walks the memories once a start, after each change of the generation in use, and daily, and makes those pending that lack a
 * vector of it: those that were FAILED, and what a forced activation left missing. Wake it when the generation changes.
 */
export function requeueLoop(deps: RequeueDeps, options: RequeueOptions = {}): BackgroundLoop {
  let walked: number | null = null;
  let cursor: RequeueCursor | null = null;
  return new BackgroundLoop({
    onError: deps.onError,
    turn: async () => {
      const generation = deps.generation();
      if (generation !== walked) cursor = null;
      walked = generation;
      if (generation === null) return { ms: DAY_MS };
      cursor = await deps.queue.requeue(generation, cursor);
      deps.onPending();
      return { ms: cursor === null ? DAY_MS : (options.betweenMs ?? 50) };
    },
  });
}
