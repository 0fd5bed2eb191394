import { availableParallelism } from "node:os";
import { DomainError } from "../../domain/failure.ts";
import type { Embedder } from "../../domain/ports/embedder.ts";
import { ModelFailure } from "../model-failure.ts";
import { WordPieceTokenizer } from "../static/word-piece-tokenizer.ts";
import { type ModelFolder, readModelFolder } from "./model-folder.ts";
import { findOnnxRuntime } from "./onnx-runtime.ts";
import { OnnxThread } from "./onnx-thread.ts";

export interface TransformersEmbedder extends Embedder {
  /** Ends the thread; what still runs in it is lost. */
  close(): Promise<void>;
}

const never = new AbortController().signal;

/**
 * A sentence transformer with BERT uncased's tokenizer, as ONNX, on the CPU, in a thread of its own; one text at a time, as
 * mixed lengths make a batch slower. Embeds an empty text to find that it works. Throws ModelFailure where onnxruntime-node is not
 * installed, or the folder or its model is not one that it can run.
 */
export async function transformersEmbedder(folder: string): Promise<TransformersEmbedder> {
  const runtimeFile = findOnnxRuntime();
  const model = await readModelFolder(folder);
  const { modelFile, pooling } = model;
  // A core is left to the calls, where there are several.
  const threads = Math.max(1, availableParallelism() - 1);
  const thread = new OnnxThread({ runtimeFile, modelFile, pooling, threads });
  const tokensOf = tokenizing(model);
  const empty = [model.vocabulary.indexOf("[CLS]"), model.vocabulary.indexOf("[SEP]")];
  const dimensions = await dimensionsOf(thread, modelFile, empty);
  return {
    model: `transformers:${model.name}`,
    dimensions,
    // In this process, but tens of milliseconds a text: a write must not wait for a batch of them.
    local: false,
    async embed(texts, signal) {
      const vectors: (Float32Array | null)[] = [];
      for (const text of texts) {
        signal.throwIfAborted();
        const tokens = tokensOf(text);
        vectors.push(tokens === null ? null : await vectorOf(thread, tokens, dimensions, signal));
      }
      return vectors;
    },
    close: () => thread.close(),
  };
}

/** Ids between `[CLS]` and `[SEP]`, at most `mostTokens` in all; null for a text without a token that the model knows. */
function tokenizing({ vocabulary, mostTokens }: ModelFolder): (text: string) => readonly number[] | null {
  const tokenizer = new WordPieceTokenizer(vocabulary);
  const first = vocabulary.indexOf("[CLS]");
  const last = vocabulary.indexOf("[SEP]");
  return (text) => {
    const ids = tokenizer.idsOf(text, mostTokens - 2);
    return ids.every((id) => id === tokenizer.unknownId) ? null : [first, ...ids, last];
  };
}

async function dimensionsOf(thread: OnnxThread, modelFile: string, tokens: readonly number[]): Promise<number> {
  try {
    return (await thread.run(tokens, never)).length;
  } catch (error) {
    await thread.close();
    throw new ModelFailure(`CAIRN_MODEL_DIR: cannot run ${modelFile}: ${(error as Error).message}`, error);
  }
}

async function vectorOf(thread: OnnxThread, tokens: readonly number[], dimensions: number, signal: AbortSignal) {
  let vector: Float32Array;
  try {
    vector = await thread.run(tokens, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw unavailable((error as Error).message, error);
  }
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (vector.length !== dimensions || !Number.isFinite(length) || length === 0)
    throw unavailable("the model's vector has no direction, or other dimensions than before");
  return vector.map((value) => value / length);
}

function unavailable(problem: string, cause?: unknown): DomainError {
  return new DomainError("EMBEDDER_UNAVAILABLE", `embedding provider: ${problem}`, { problem }, cause);
}
