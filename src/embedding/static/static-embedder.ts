import { setImmediate } from "node:timers/promises";
import type { Embedder } from "../../domain/ports/embedder.ts";
import type { StaticModel } from "./static-model.ts";

/** Some five milliseconds' worth: other calls must not wait for a batch of long texts. */
const CHARACTERS_BETWEEN_RESTS = 40_000;

/**
 * The built-in embedder: the sum of a text's token vectors at unit length. In process, no network, the same vector everywhere.
 * A text without a token that the model knows has no vector.
 */
export function staticEmbedder(model: StaticModel): Embedder {
  return {
    model: model.name,
    dimensions: model.dimensions,
    local: true,
    async embed(texts, signal) {
      const vectors: (Float32Array | null)[] = [];
      let sinceRest = 0;
      for (const text of texts) {
        signal.throwIfAborted();
        vectors.push(embedText(model, text));
        sinceRest += text.length;
        if (sinceRest < CHARACTERS_BETWEEN_RESTS) continue;
        sinceRest = 0;
        await setImmediate();
      }
      return vectors;
    },
  };
}

function embedText({ tokenizer, dimensions, scales, rows }: StaticModel, text: string): Float32Array | null {
  const sum = new Float64Array(dimensions);
  for (const id of tokenizer.idsOf(text)) {
    if (id === tokenizer.unknownId) continue;
    const scale = scales[id] as number;
    const row = id * dimensions;
    for (let i = 0; i < dimensions; i++) sum[i] = (sum[i] as number) + scale * (rows[row + i] as number);
  }
  return toUnitLength(sum);
}

function toUnitLength(sum: Float64Array): Float32Array | null {
  let squares = 0;
  for (let i = 0; i < sum.length; i++) squares += (sum[i] as number) ** 2;
  if (squares === 0) return null;
  const scale = 1 / Math.sqrt(squares);
  const vector = new Float32Array(sum.length);
  for (let i = 0; i < sum.length; i++) vector[i] = (sum[i] as number) * scale;
  return vector;
}
