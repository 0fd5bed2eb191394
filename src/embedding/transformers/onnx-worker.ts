/** The thread that runs a model: onnxruntime-node's own `run` blocks the thread that calls it. */
import { createRequire } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import type { OnnxRuntime, OnnxSession, OnnxTensor } from "./onnx-runtime.ts";
import type { OnnxAnswer, OnnxJob, OnnxWorkerData } from "./onnx-thread.ts";

const { runtimeFile, modelFile, pooling, threads } = workerData as OnnxWorkerData;
const SEVERITY_ERROR = 3;

const runtime: OnnxRuntime = createRequire(import.meta.url)(runtimeFile);
const session: OnnxSession = await runtime.InferenceSession.create(modelFile, {
  intraOpNumThreads: threads,
  logSeverityLevel: SEVERITY_ERROR,
});

// One after the other: the next text would only share the same cores.
let last: Promise<void> = Promise.resolve();
parentPort?.on("message", ({ id, tokens }: OnnxJob) => {
  last = last.then(() => answer(id, tokens));
});

async function answer(id: number, tokens: readonly number[]): Promise<void> {
  try {
    const vector = await vectorOf(tokens);
    parentPort?.postMessage({ id, vector } satisfies OnnxAnswer, [vector.buffer as ArrayBuffer]);
  } catch (error) {
    parentPort?.postMessage({ id, problem: (error as Error).message } satisfies OnnxAnswer);
  }
}

/** Not normalised. */
async function vectorOf(tokens: readonly number[]): Promise<Float32Array> {
  const output = (await session.run(feedsOf(tokens)))[hiddenStates(session)];
  const { data, dims } = output as OnnxTensor;
  const [, length, dimensions] = dims;
  if (dims.length !== 3 || length !== tokens.length || dimensions === undefined || !(data instanceof Float32Array))
    throw new Error(`the model answers with ${dims.join(" × ")} instead of one vector a token`);
  const vector = data.slice(0, dimensions);
  if (pooling === "first") return vector;
  for (let at = dimensions; at < data.length; at++) {
    const dimension = at % dimensions;
    vector[dimension] = (vector[dimension] as number) + (data[at] as number);
  }
  return vector;
}

function feedsOf(tokens: readonly number[]): Record<string, OnnxTensor> {
  const row = (values: BigInt64Array) => new runtime.Tensor("int64", values, [1, tokens.length]);
  const feeds: Readonly<Record<string, () => OnnxTensor>> = {
    input_ids: () => row(BigInt64Array.from(tokens, BigInt)),
    attention_mask: () => row(new BigInt64Array(tokens.length).fill(1n)),
    token_type_ids: () => row(new BigInt64Array(tokens.length)),
  };
  return Object.fromEntries(
    session.inputNames.map((name) => {
      const make = feeds[name];
      if (make === undefined) throw new Error(`the model wants an input ${name}`);
      return [name, make()];
    }),
  );
}

function hiddenStates({ outputNames }: OnnxSession): string {
  const named = outputNames.find((name) => name === "last_hidden_state" || name === "token_embeddings");
  return named ?? (outputNames[0] as string);
}
