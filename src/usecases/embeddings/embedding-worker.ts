import type { CompletedEmbedding, EmbeddingWork, PendingEmbedding } from "../../domain/ports/embedding-queue.ts";
import type { ActiveEmbedding, EmbeddingSource } from "./active-embedding.ts";
import { BackgroundLoop, pauseAfter, type Rest } from "./background-loop.ts";

export interface EmbeddingWorkerDeps {
  readonly work: EmbeddingWork;
  /** Asked before each batch. Null: no generation is active, and what is pending becomes DISABLED. Absent: nothing is done. */
  readonly embedding: EmbeddingSource;
  /** Told of every failure, the provider's included. */
  readonly onError: (error: unknown) => void;
}

export interface EmbeddingWorkerOptions {
  /** Rest where nothing is due. Default 1 second; `wake` ends it. */
  readonly pollMs?: number;
  /** Memories claimed at a time. Default 32. */
  readonly batchSize?: number;
  /** How long a claim lasts, which is what a killed process costs; a batch has half of it. Default 30 seconds. */
  readonly leaseMs?: number;
  /** Rejections of one text before it becomes FAILED. Default 8, which takes about a minute and a half. */
  readonly maxAttempts?: number;
  /** Pause after a text's first rejection, or a provider's first failure; doubles each time. Default 1 second. */
  readonly firstRetryMs?: number;
  /** Default 30 seconds. */
  readonly mostRetryMs?: number;
}

const DEFAULTS = {
  pollMs: 1000,
  batchSize: 32,
  leaseMs: 30_000,
  maxAttempts: 8,
  firstRetryMs: 1000,
  mostRetryMs: 30_000,
};
/** Rest of the whole worker while the provider is down: it notices a recovery that much later. */
const LONGEST_OUTAGE_REST_MS = 10_000;
/** A text that no provider refuses: with it, a provider that is down is told from a text that is at fault. */
const PROBE = "Is anybody there?";
const PROBE_MS = 10_000;
/** Calls that may fail while the text at fault is singled out. */
const MOST_FAILED_CALLS = 16;

/** Where no vector will ever name one. */
const NO_GENERATION = 0;

interface Embedded {
  readonly done: readonly CompletedEmbedding[];
  /** Refused, while the provider answers to others. */
  readonly failed: readonly PendingEmbedding[];
  /** Claimed and not tried: the worker stops, or the provider is down. */
  readonly untried: readonly PendingEmbedding[];
  readonly isOutage: boolean;
}

/**
 * Attaches vectors to memories that want one: claims a batch, embeds it, completes it. A provider that is down costs no text an
 * attempt: everything goes back, and it alone is asked, ever more rarely, until it answers. A text that is refused while others
 * are not is singled out and retried alone until it is FAILED. Stopping aborts the provider's call and puts the batch back.
 */
export function embeddingWorker(deps: EmbeddingWorkerDeps, options: EmbeddingWorkerOptions = {}): BackgroundLoop {
  const settings = { ...DEFAULTS, ...options };
  let outages = 0;
  const resting = (): Rest => ({ ms: pauseAfter(outages, settings.firstRetryMs, LONGEST_OUTAGE_REST_MS), firm: true });
  const turn = async (signal: AbortSignal): Promise<Rest> => {
    const embedding = deps.embedding();
    if (embedding?.absent) return { ms: settings.pollMs };
    if (outages > 0 && !(await answers(embedding, signal))) {
      outages++;
      return resting();
    }
    outages = 0;
    const pending = await deps.work.claim(settings.batchSize, settings.leaseMs);
    if (pending.length === 0) return { ms: settings.pollMs };
    const embedded = await embedBatch(deps, embedding, pending, settings.leaseMs / 2, signal);
    // Not given the signal: what is embedded is kept, and what is not goes back, whether or not the worker stops.
    if (embedded.done.length > 0) await deps.work.complete(embedding?.generation ?? NO_GENERATION, embedded.done);
    await putBack(deps.work, embedded, settings);
    if (!embedded.isOutage) return { ms: 0 };
    outages = 1;
    return resting();
  };
  return new BackgroundLoop({ turn, onError: deps.onError });
}

/** Whether the provider embeds a text that is beyond reproach. */
async function answers(embedding: ActiveEmbedding | null, signal: AbortSignal): Promise<boolean> {
  if (embedding === null) return true;
  try {
    await embedding.embedder.embed([PROBE], AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)]));
    return true;
  } catch {
    return false;
  }
}

async function embedBatch(
  deps: EmbeddingWorkerDeps,
  embedding: ActiveEmbedding | null,
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
    const untried = [...part, ...parts.flat()];
    try {
      stop.throwIfAborted();
      done.push(...(await embedPart(embedding, part, stop)));
    } catch (error) {
      if (signal.aborted) return { done, failed, untried, isOutage: false };
      if (failures++ === 0) {
        deps.onError(error);
        if (!(await answers(embedding, signal))) return { done, failed, untried, isOutage: !signal.aborted };
      }
      // Halving finds the one text that the provider refuses.
      const half = Math.ceil(part.length / 2);
      if (spent.aborted || failures >= MOST_FAILED_CALLS)
        return { done, failed: [...failed, ...untried], untried: [], isOutage: false };
      if (part.length > 1) parts.push(part.slice(half), part.slice(0, half));
      else failed.push(...part);
    }
  }
  return { done, failed, untried: [], isOutage: false };
}

async function embedPart(
  embedding: ActiveEmbedding | null,
  part: readonly PendingEmbedding[],
  signal: AbortSignal,
): Promise<readonly CompletedEmbedding[]> {
  const texts = part.map((one) => one.text);
  const vectors = (await embedding?.embedder.embed(texts, signal)) ?? [];
  return part.map(({ workspaceId, memoryId, contentRevision }, i) => {
    const vector = vectors[i] ?? null;
    return { workspaceId, memoryId, contentRevision, vector };
  });
}

/** Texts that were refused wait ever longer; those that were not tried are due at once. */
async function putBack(
  work: EmbeddingWork,
  { failed, untried }: Embedded,
  settings: { readonly maxAttempts: number; readonly firstRetryMs: number; readonly mostRetryMs: number },
): Promise<void> {
  const byAttempts = Map.groupBy(failed, (one) => one.attempts);
  for (const [attempts, group] of byAttempts) {
    const retryInMs = pauseAfter(attempts, settings.firstRetryMs, settings.mostRetryMs);
    await work.release(group, Math.round(retryInMs), settings.maxAttempts);
  }
  if (untried.length > 0) await work.release(untried, 0, null);
}
