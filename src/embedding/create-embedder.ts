import type { Embedder } from "../domain/ports/embedder.ts";
import { type OpenAiConfig, openAiEmbedder } from "./openai-embedder.ts";

/** Which provider makes the vectors. `none`: search by words alone. */
export type EmbeddingConfig =
  | { readonly provider: "none" }
  | { readonly provider: "static" }
  | { readonly provider: "transformers" }
  | ({ readonly provider: "openai" } & OpenAiConfig);

/** The embedders that are loaded when a server starts. */
export interface LoadedEmbedders {
  readonly static: Embedder;
  /** Null: no folder of a model is configured. */
  readonly transformers: Embedder | null;
}

/** The provider that the configuration names; null for `none`, and for `transformers` where that is not loaded. */
export function createEmbedder(config: EmbeddingConfig, loaded: LoadedEmbedders): Embedder | null {
  switch (config.provider) {
    case "none":
      return null;
    case "static":
      return loaded.static;
    case "transformers":
      return loaded.transformers;
    case "openai":
      return openAiEmbedder(config);
  }
}
