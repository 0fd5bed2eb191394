import type { Embedder } from "../domain/ports/embedder.ts";
import { type OpenAiConfig, openAiEmbedder } from "./openai-embedder.ts";
import { staticEmbedder } from "./static/static-embedder.ts";
import type { StaticModel } from "./static/static-model.ts";

/** Which provider makes the vectors. `none`: search by words alone. */
export type EmbeddingConfig =
  | { readonly provider: "none" }
  | { readonly provider: "static" }
  | ({ readonly provider: "openai" } & OpenAiConfig);

/** The provider that the configuration names; null for `none`. `model` is the one that `static` embeds with. */
export function createEmbedder(config: EmbeddingConfig, model: StaticModel): Embedder | null {
  switch (config.provider) {
    case "none":
      return null;
    case "static":
      return staticEmbedder(model);
    case "openai":
      return openAiEmbedder(config);
  }
}
