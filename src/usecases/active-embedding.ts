import type { Embedder } from "../domain/ports/embedder.ts";

/** The provider in use and the generation that its vectors belong to. */
export interface ActiveEmbedding {
  readonly embedder: Embedder;
  readonly generation: number;
}
