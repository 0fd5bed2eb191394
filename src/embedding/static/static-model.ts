import type { WordPieceTokenizer } from "./word-piece-tokenizer.ts";

/** A loaded model of token vectors. The vector of token t is `scales[t] · rows[t]`; tools/distill/FORMAT.md has the whole. */
export interface StaticModel {
  /** The folder's name, such as `static-v1`; with `dimensions` it names a generation. */
  readonly name: string;
  readonly dimensions: number;
  readonly tokenizer: WordPieceTokenizer;
  /** One a token; 0 where the row is zero. */
  readonly scales: Float32Array;
  /** How often each token occurs in the training text. */
  readonly counts: Uint32Array;
  /** Row after row of `dimensions` components, −127 to 127. */
  readonly rows: Int8Array;
  /** What `rows` lie in, with KERNEL_SCRATCH_BYTES to spare at its end. */
  readonly memory: WebAssembly.Memory;
}
