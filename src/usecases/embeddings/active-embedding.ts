import type { Embedder } from "../../domain/ports/embedder.ts";

/** A provider and the generation that its vectors belong to. */
export interface ActiveEmbedding {
  readonly embedder: Embedder;
  readonly generation: number;
  /** True where no provider of the generation's model can be made here: its embedder refuses everything. Default false. */
  readonly absent?: boolean;
}

/** Asked anew for each call, as the active generation may be another one by then. Null: words alone. */
export type EmbeddingSource = () => ActiveEmbedding | null;
