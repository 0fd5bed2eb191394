import type { CompletedEmbedding, EmbeddingQueue, PendingEmbedding } from "../domain/ports/embedding-queue.ts";
import type { ActiveEmbedding } from "./active-embedding.ts";
import { BackgroundLoop, pauseAfter, type Rest } from "./background-loop.ts";

export interface EmbeddingWorkerDeps {
  readonly queue: EmbeddingQueue;
  /** Null: there is no provider, and what is pending becomes DISABLED. */
  readonly embedding: ActiveEmbedding | null;
  /** Told of every failure, the provider's included. */
  readonly onError: (error: unknown) => void;
}

export interface EmbeddingWorkerOptions {
  /** Rest where nothing is due. Default 1 second; `wake` ends it. */
  readonly pollMs?: number;
  /** Memories claimed at a time. Default 32. */
  readonly batchSize?: number;
  /** How long a claim lasts: a batch must be embedded by then. Default 2 minutes. */
  readonly leaseMs?: number;
  /** Failures of one text before it becomes FAILED. Default 12, which takes about an hour. */
  readonly maxAttempts?: number;
  /** Pause after a text's first failure; doubles each time. Default 1 second. */
  readonly firstRetryMs?: number;
  /** Default 15 minutes. */
  readonly mostRetryMs?: number;
}

const DEFAULTS = {
  pollMs: 1000,
  batchSize: 32,
  leaseMs: 120_000,
  maxAttempts: 12,
  firstRetryMs: 1000,
  mostRetryMs: 900_000,
};
/** Rest of the whole worker while the provider fails on everything. */
const LONGEST_OUTAGE_REST_MS = 60_000;
/** Calls that may fail while the text at fault is singled out: where a provider is down, every one does. */
const MOST_FAILED_CALLS = 16;

/** Where no vector will ever name one. */
const NO_GENERATION = 0;

interface Embedded {
  readonly done: readonly CompletedEmbedding[];
  readonly failed: readonly PendingEmbedding[];
  /** Claimed and not tried, as the worker stops. */
  readonly untried: readonly PendingEmbedding[];
}

/**
 * Attaches the vectors of pending memories: claims a batch, embeds it, completes it. A text that its provider refuses is
 * singled out and retried alone, ever more rarely, until it is FAILED. Stopping aborts the provider's call and puts the rest of
 * the batch back at once.
 */
export function embeddingWorker(deps: EmbeddingWorkerDeps, options: EmbeddingWorkerOptions = {}): BackgroundLoop {
  const settings = { ...DEFAULTS, ...options };
  let outages = 0;
  const turn = async (signal: AbortSignal): Promise<Rest> => {
    const pending = await deps.queue.claim(settings.batchSize, settings.leaseMs);
    if (pending.length === 0) {
      outages = 0;
      return { ms: settings.pollMs };
    }
    const embedded = await embedBatch(deps, pending, settings.leaseMs / 2, signal);
    // Not given the signal: what is embedded is kept, and what is not goes back, whether or not the worker stops.
    if (embedded.done.length > 0) await deps.queue.complete(deps.embedding?.generation ?? NO_GENERATION, embedded.done);
    await putBack(deps.queue, embedded, settings);
    const isOutage = embedded.done.length === 0 && embedded.failed.length > 0;
    outages = isOutage ? outages + 1 : 0;
    return isOutage
      ? { ms: pauseAfter(outages, settings.firstRetryMs, LONGEST_OUTAGE_REST_MS), firm: true }
      : { ms: 0 };
  };
  return new BackgroundLoop({ turn, onError: deps.onError });
}

async function embedBatch(
  deps: EmbeddingWorkerDeps,
  pending: readonly PendingEmbedding[],
  withinMs: number,
  signal: AbortSignal,
): Promise<Embedded> {
  const done: CompletedEmbedding[] = [];
  const failed: PendingEmbedding[] = [];
  const parts = [pending];
  const spent = AbortSignal.timeout(withinMs);
  const stop = AbortSignal.any([signal, spent]);
  let failures = 0;
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    try {
      stop.throwIfAborted();
      done.push(...(await embedPart(deps, part, stop)));
    } catch (error) {
      if (signal.aborted) return { done, failed, untried: [...part, ...parts.flat()] };
      // Halving finds the one text that the provider refuses.
      const half = Math.ceil(part.length / 2);
      if (failures++ === 0) deps.onError(error);
      if (part.length > 1 && !spent.aborted && failures < MOST_FAILED_CALLS) {
        parts.push(part.slice(half), part.slice(0, half));
      } else {
        failed.push(...part);
      }
    }
  }
  return { done, failed, untried: [] };
}

async function embedPart(
  deps: EmbeddingWorkerDeps,
  part: readonly PendingEmbedding[],
  signal: AbortSignal,
): Promise<readonly CompletedEmbedding[]> {
  const texts = part.map((one) => one.text);
  const vectors = (await deps.embedding?.embedder.embed(texts, signal)) ?? [];
  return part.map(({ workspaceId, memoryId, contentRevision }, i) => {
    const vector = vectors[i] ?? null;
    return { workspaceId, memoryId, contentRevision, vector };
  });
}

/** Texts that failed wait ever longer; those that were not tried are due at once. */
async function putBack(
  queue: EmbeddingQueue,
  { failed, untried }: Embedded,
  settings: { readonly maxAttempts: number; readonly firstRetryMs: number; readonly mostRetryMs: number },
): Promise<void> {
  const byAttempts = Map.groupBy(failed, (one) => one.attempts);
  for (const [attempts, group] of byAttempts) {
    const retryInMs = pauseAfter(attempts, settings.firstRetryMs, settings.mostRetryMs);
    await queue.release(group, Math.round(retryInMs), settings.maxAttempts);
  }
  if (untried.length > 0) await queue.release(untried, 0, null);
}
