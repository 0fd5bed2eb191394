import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { EmbeddingGeneration, GenerationState } from "../../domain/embedding-generation.ts";
import type { GenerationStore } from "../../domain/ports/generation-store.ts";
import { EmbeddingGenerations } from "./embedding-generations.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function generation(id: number, state: GenerationState): EmbeddingGeneration {
  const times = { createTime: new Date(0), activateTime: null, retireTime: null };
  return { id, model: `model-${id}`, dimensions: 8, state, ...times };
}

it("notices within a second what another process activates", async () => {
  let list = [generation(1, "active"), generation(2, "building")];
  const embed = async () => [];
  const embedder = { model: "model-1", dimensions: 8, local: true, embed };
  const generations = new EmbeddingGenerations({
    store: { list: async () => list, ensure: async () => 1 } as unknown as GenerationStore,
    configured: embedder,
    make: (model, dimensions) => ({ ...embedder, model, dimensions }),
    onError: (error) => expect.unreachable(String(error)),
  });
  await generations.start();
  const watch = generations.watch();
  watch.start();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(generations.inUse?.generation).toBe(1);
  list = [generation(1, "retired"), generation(2, "active")];
  await vi.advanceTimersByTimeAsync(1000);
  expect(generations.inUse?.generation).toBe(2);
  const stopped = watch.stop();
  await vi.advanceTimersByTimeAsync(1000);
  await stopped;
});
