import type { EmbeddingQueue, EmbeddingWork } from "../../domain/ports/embedding-queue.ts";
import type { GenerationStore } from "../../domain/ports/generation-store.ts";
import type { BackgroundLoop } from "./background-loop.ts";
import { embeddingBuildLoop } from "./embedding-build.ts";
import { embeddingDropLoop } from "./embedding-drop.ts";
import type { EmbeddingGenerations } from "./embedding-generations.ts";
import { embeddingWorker } from "./embedding-worker.ts";
import { promotionLoop } from "./embedding-worker-promotion.ts";
import { requeueLoop } from "./embedding-worker-requeue.ts";
import type { IndexingProgress } from "./indexing-progress.ts";

export interface EmbeddingBackgroundDeps {
  readonly queue: EmbeddingQueue;
  readonly backlog: EmbeddingWork;
  readonly store: GenerationStore;
  readonly generations: EmbeddingGenerations;
  /** See EmbeddingBuildDeps. */
  readonly activates: boolean;
  /** Memories of the backlog that are claimed at a time. */
  readonly buildBatchSize: number;
  readonly onActivated: (generation: number) => void;
  readonly indexing: IndexingProgress;
  /** Told of every failure, with the work that it happened in. */
  readonly onError: (work: string) => (error: unknown) => void;
}

export interface EmbeddingBackground {
  readonly loops: readonly BackgroundLoop[];
  /** A memory is pending. */
  wake(): void;
}

/**
 * All that runs beside the calls for the sake of vectors. Without a provider the worker still runs: where no generation is active,
 * it makes what an update left pending DISABLED.
 */
export function embeddingBackground(deps: EmbeddingBackgroundDeps): EmbeddingBackground {
  const { queue, backlog, store, generations, onError } = deps;
  const worker = embeddingWorker({ work: queue, embedding: () => generations.wanted, onError: onError("embed") });
  const watch = generations.watch();
  if (generations.configured === null) return { loops: [worker, watch], wake: () => worker.wake() };
  const builder = embeddingWorker(
    { work: whileBuilding(backlog, generations), embedding: () => generations.building, onError: onError("build") },
    { batchSize: deps.buildBatchSize },
  );
  const build = embeddingBuildLoop({
    ...{ store, queue, generations, activates: deps.activates, onActivated: deps.onActivated },
    onBacklog: () => builder.wake(),
    onError: onError("build"),
  });
  const usable = () => (generations.inUse?.absent ? null : (generations.inUse?.generation ?? null));
  const promoted = () => [usable(), generations.building?.generation ?? null].filter((one) => one !== null);
  const promotion = promotionLoop({
    ...{ queue, progress: deps.indexing, generations: promoted, onError: onError("promote") },
  });
  const requeue = requeueLoop({
    ...{ queue, generation: usable, onPending: () => worker.wake(), onError: onError("requeue") },
  });
  const drop = embeddingDropLoop({ store, generations, onError: onError("drop") });
  generations.onChange(() => {
    for (const loop of [requeue, worker, builder, build]) loop.wake();
  });
  return { loops: [worker, watch, builder, build, promotion, requeue, drop], wake: () => worker.wake() };
}

/** Nothing is claimed of a generation whose vectors this process cannot make. */
function whileBuilding(backlog: EmbeddingWork, generations: EmbeddingGenerations): EmbeddingWork {
  return {
    claim: async (limit, leaseMs) => (generations.building === null ? [] : backlog.claim(limit, leaseMs)),
    complete: (generation, done) => backlog.complete(generation, done),
    release: (pending, retryInMs, maxAttempts) => backlog.release(pending, retryInMs, maxAttempts),
  };
}
