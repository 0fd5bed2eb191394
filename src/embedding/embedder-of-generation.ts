import type { Embedder } from "../domain/ports/embedder.ts";
import { type OpenAiConfig, openAiEmbedder } from "./openai-embedder.ts";

export type Endpoint = Omit<OpenAiConfig, "model" | "dimensions">;

export interface Reachable {
  /** Where models of the `openai` provider are asked for; null: none is configured. */
  readonly endpoint: Endpoint | null;
  /** Embedders that need no configuration. */
  readonly builtIn: readonly Embedder[];
}

const OPENAI = "openai:";

/** An embedder of a generation's model, which need not be the configured one; null where nothing reaches that model. */
export function embedderOfGeneration(reachable: Reachable, model: string, dimensions: number): Embedder | null {
  if (model.startsWith(OPENAI)) {
    const { endpoint } = reachable;
    return endpoint && openAiEmbedder({ ...endpoint, model: model.slice(OPENAI.length), dimensions });
  }
  return reachable.builtIn.find((one) => one.model === model && one.dimensions === dimensions) ?? null;
}
