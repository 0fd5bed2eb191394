import type { Embedder } from "../../src/domain/ports/embedder.ts";
import { loadShippedModel } from "../../src/embedding/static/shipped-model.ts";
import { staticEmbedder } from "../../src/embedding/static/static-embedder.ts";

/** The embedder that a server uses by default. */
export const builtInEmbedder: Embedder = staticEmbedder(await loadShippedModel());
