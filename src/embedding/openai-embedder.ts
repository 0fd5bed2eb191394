import { DomainError } from "../domain/failure.ts";
import type { Embedder } from "../domain/ports/embedder.ts";
import { type EmbeddingEndpoint, requestEmbeddings } from "./embedding-request.ts";
import { ProviderFailure } from "./provider-failure.ts";
import { Slots } from "./slots.ts";

export interface OpenAiConfig extends EmbeddingEndpoint {
  /** Texts a request. Default 64. */
  readonly batchSize?: number;
  /** Requests in flight, over all callers. Default DEFAULT_CONCURRENCY. */
  readonly concurrency?: number;
  /** Shared by embedders of one endpoint, in place of a number of their own. */
  readonly slots?: Slots;
  /** Requests for one batch, the first included. Default 3. */
  readonly attempts?: number;
  /** Pause before the second attempt; doubles each time, with jitter. Default 200 ms. */
  readonly retryDelayMs?: number;
}

export const DEFAULT_CONCURRENCY = 4;
/** No pause is longer, whatever the provider's `retry-after` asks. */
const LONGEST_PAUSE_MS = 5000;
const NOT_BLANK = /\S/;

/**
 * Any provider that speaks OpenAI's embeddings protocol. Vectors come out at unit length; a blank text has none and is not
 * sent. Throws EMBEDDER_UNAVAILABLE after the last attempt, or at once for a failure that repeating cannot mend.
 */
export function openAiEmbedder(config: OpenAiConfig): Embedder {
  const slots = config.slots ?? new Slots(config.concurrency ?? DEFAULT_CONCURRENCY);
  const batchSize = config.batchSize ?? 64;
  return {
    model: `openai:${config.model}`,
    dimensions: config.dimensions,
    local: false,
    async embed(texts, signal) {
      signal.throwIfAborted();
      const vectors: (Float32Array | null)[] = texts.map(() => null);
      const wanted = [...texts.entries()].filter(([, text]) => NOT_BLANK.test(text));
      const batches: [number, string][][] = [];
      for (let at = 0; at < wanted.length; at += batchSize) batches.push(wanted.slice(at, at + batchSize));
      // The first batch to fail stops the others: their answers would be thrown away.
      const stop = new AbortController();
      const either = AbortSignal.any([signal, stop.signal]);
      const answers = batches.map(async (batch) => {
        const texts = batch.map(([, text]) => text);
        const answer = await slots.run(() => embedBatch(config, texts, either), either);
        for (const [i, [at]] of batch.entries()) vectors[at] = answer[i] ?? null;
      });
      try {
        await Promise.all(answers);
      } catch (error) {
        stop.abort();
        await Promise.allSettled(answers);
        signal.throwIfAborted();
        throw error;
      }
      return vectors;
    },
  };
}

async function embedBatch(config: OpenAiConfig, texts: readonly string[], signal: AbortSignal) {
  const attempts = config.attempts ?? 3;
  for (let attempt = 1; ; attempt++) {
    try {
      return await requestEmbeddings(config, texts, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ProviderFailure)) throw error;
      if (!error.retriable || attempt >= attempts) throw unavailable(error, attempt);
      await pause(pauseBefore(attempt, config.retryDelayMs ?? 200, error.retryAfterMs), signal);
    }
  }
}

/** Half of it fixed and half of it random, so that callers who failed together do not come back together. */
function pauseBefore(attempt: number, baseMs: number, askedMs: number | null): number {
  const grown = baseMs * 2 ** (attempt - 1);
  return Math.min(LONGEST_PAUSE_MS, Math.max(askedMs ?? 0, grown * (0.5 + Math.random() / 2)));
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}

function unavailable(failure: ProviderFailure, attempts: number): DomainError {
  const message = `embedding provider: ${failure.message} (attempts: ${attempts})`;
  return new DomainError(
    "EMBEDDER_UNAVAILABLE",
    message,
    { problem: failure.message, attempts: String(attempts) },
    failure,
  );
}
