/** Turns texts into vectors of one model at one dimension. */
export interface Embedder {
  /** Such as `static-v1` or `openai:text-embedding-3-small`. With `dimensions` it names a generation. */
  readonly model: string;
  readonly dimensions: number;
  /** True where a text takes microseconds and no network, so that a write may always wait for it. */
  readonly local: boolean;
  /**
   * One unit-length vector a text, in order; null where the text has nothing that the model knows. Throws
   * EMBEDDER_UNAVAILABLE where the provider fails; never returns a vector of another dimension, or one that is not finite.
   */
  embed(texts: readonly string[], signal: AbortSignal): Promise<readonly (Float32Array | null)[]>;
}
