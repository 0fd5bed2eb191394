import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { CompletedEmbedding, EmbeddingWork, PendingEmbedding } from "../../domain/ports/embedding-queue.ts";
import { embeddingWorker } from "./embedding-worker.ts";

const HOUR_MS = 3_600_000;
const RECOVERY_MS = 60_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** One memory that wants a vector until it has one. */
class OnePending implements EmbeddingWork {
  readonly done: CompletedEmbedding[] = [];
  #isClaimed = false;

  async claim(): Promise<readonly PendingEmbedding[]> {
    if (this.#isClaimed) return [];
    this.#isClaimed = true;
    return [{ workspaceId: "w", memoryId: "m", contentRevision: 1, text: "text", attempts: 1 }];
  }

  async complete(_generation: number, done: readonly CompletedEmbedding[]): Promise<number> {
    return this.done.push(...done);
  }

  async release(): Promise<void> {
    this.#isClaimed = false;
  }
}

it("attaches within a minute of the recovery, however long the provider was down, and asks rarely meanwhile", async () => {
  const work = new OnePending();
  let calls = 0;
  let isDown = true;
  const embed = async (texts: readonly string[]) => {
    calls++;
    if (isDown) throw new Error("down");
    return texts.map(() => Float32Array.of(1));
  };
  const embedder = { model: "m", dimensions: 1, local: false, embed };
  const worker = embeddingWorker({ work, embedding: () => ({ embedder, generation: 1 }), onError: () => {} });
  worker.start();
  await vi.advanceTimersByTimeAsync(5 * HOUR_MS);
  expect(calls).toBeGreaterThan((5 * HOUR_MS) / RECOVERY_MS);
  expect(calls).toBeLessThan((5 * HOUR_MS) / 4000);
  isDown = false;
  await vi.advanceTimersByTimeAsync(RECOVERY_MS);
  expect(work.done).toMatchObject([{ memoryId: "m", contentRevision: 1 }]);
  await worker.stop();
});
