import { createRequire } from "node:module";
import { ModelFailure } from "../model-failure.ts";

/** The little of onnxruntime-node that is used. Its types are not installed: the package is an optional peer of 288 MB. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(file: string, options: { intraOpNumThreads: number; logSeverityLevel: number }): Promise<OnnxSession>;
  };
  readonly Tensor: new (type: "int64", data: BigInt64Array, dimensions: readonly number[]) => OnnxTensor;
}

export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
}

export interface OnnxTensor {
  readonly dims: readonly number[];
  readonly data: unknown;
}

const PACKAGE = "onnxruntime-node";

/** Where the package lies: beside Cairn, or in a folder of NODE_PATH. Throws ModelFailure where it is not installed. */
export function findOnnxRuntime(): string {
  try {
    return createRequire(import.meta.url).resolve(PACKAGE);
  } catch (error) {
    const remedy = `npm install ${PACKAGE}`;
    throw new ModelFailure(
      `the transformers provider needs the package ${PACKAGE}, which is not installed: ${remedy}`,
      error,
    );
  }
}
