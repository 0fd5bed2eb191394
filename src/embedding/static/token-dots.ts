import { DOT_KERNEL_BINARY } from "./dot-kernel-binary.ts";
import type { StaticModel } from "./static-model.ts";

/** Fills `out[d · queryIds.length + q]` with the dot product of the 8-bit rows of docIds[d] and queryIds[q]. */
export type TokenDots = (queryIds: Int32Array, docIds: Int32Array, out: Int32Array) => void;

type Kernel = (
  rows: number,
  dimensions: number,
  queryIds: number,
  queryCount: number,
  docIds: number,
  docCount: number,
  out: number,
) => void;

/** Most query ids in one call. */
export const MOST_QUERY_IDS = 64;
const DOCS_A_CALL = 1024;
const STEP = 16;
/** What the kernel needs behind the model: ids of both sides, the products, and room to align them. */
export const KERNEL_SCRATCH_BYTES = 4 * (MOST_QUERY_IDS + DOCS_A_CALL + MOST_QUERY_IDS * DOCS_A_CALL) + STEP;

/** By SIMD where the engine has it, else in plain JavaScript, some twenty times slower; both give the same integers. */
export function tokenDots(model: StaticModel): TokenDots {
  return kernelDots(model) ?? plainDots(model);
}

/** Null where the engine has no SIMD, or rows are no multiple of its width. */
export function kernelDots(model: StaticModel): TokenDots | null {
  const { memory, dimensions, rows } = model;
  const kernel = dimensions % STEP === 0 ? instantiate(memory) : null;
  if (kernel === null) return null;
  const queryAt = Math.ceil((rows.byteOffset + rows.byteLength) / STEP) * STEP;
  const queryScratch = new Int32Array(memory.buffer, queryAt, MOST_QUERY_IDS);
  const docAt = queryAt + queryScratch.byteLength;
  const docScratch = new Int32Array(memory.buffer, docAt, DOCS_A_CALL);
  const outAt = docAt + docScratch.byteLength;
  const outScratch = new Int32Array(memory.buffer, outAt, MOST_QUERY_IDS * DOCS_A_CALL);
  return (queryIds, docIds, out) => {
    queryScratch.set(queryIds);
    for (let at = 0; at < docIds.length; at += DOCS_A_CALL) {
      const docs = docIds.subarray(at, at + DOCS_A_CALL);
      docScratch.set(docs);
      kernel(rows.byteOffset, dimensions, queryAt, queryIds.length, docAt, docs.length, outAt);
      out.set(outScratch.subarray(0, docs.length * queryIds.length), at * queryIds.length);
    }
  };
}

export function plainDots({ rows, dimensions }: StaticModel): TokenDots {
  return (queryIds, docIds, out) => {
    let slot = 0;
    for (const doc of docIds) {
      for (const query of queryIds) {
        let left = doc * dimensions;
        let right = query * dimensions;
        let sum = 0;
        for (const end = left + dimensions; left < end; left++, right++)
          sum += (rows[left] as number) * (rows[right] as number);
        out[slot++] = sum;
      }
    }
  };
}

function instantiate(memory: WebAssembly.Memory): Kernel | null {
  try {
    const module = new WebAssembly.Module(Buffer.from(DOT_KERNEL_BINARY, "base64"));
    return new WebAssembly.Instance(module, { model: { memory } }).exports.dots as Kernel;
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return null;
    throw error;
  }
}
