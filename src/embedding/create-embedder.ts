import type { Embedder } from "../domain/ports/embedder.ts";
import { hashEmbedder } from "./hash-embedder.ts";
import { type OpenAiConfig, openAiEmbedder } from "./openai-embedder.ts";

/** Which provider makes the vectors. `none`: search by words alone. */
export type EmbeddingConfig =
  | { readonly provider: "none" }
  | { readonly provider: "hash" }
  | ({ readonly provider: "openai" } & OpenAiConfig);

/** The provider that the configuration names; null for `none`. */
export function createEmbedder(config: EmbeddingConfig): Embedder | null {
  switch (config.provider) {
    case "none":
      return null;
    case "hash":
      return hashEmbedder();
    case "openai":
      return openAiEmbedder(config);
  }
}
