import type { EmbedMissing } from "../../domain/ports/generation-store.ts";
import type { ActiveEmbedding } from "./active-embedding.ts";
import { embedWithin } from "./embed-within.ts";

/** No write goes on meanwhile, so a provider that is slower than this is asked again later. */
const BUDGET_MS = 2000;

/** Embeds what a generation lacks at the moment of its activation. Throws EMBEDDER_UNAVAILABLE where the provider fails. */
export function embedMissing({ embedder }: ActiveEmbedding): EmbedMissing {
  return async (missing) => {
    const texts = missing.map((one) => one.text);
    const vectors = await embedWithin(embedder, texts, BUDGET_MS, new AbortController().signal);
    return missing.map(({ workspaceId, memoryId, contentRevision }, i) => {
      return { workspaceId, memoryId, contentRevision, vector: vectors[i] ?? null };
    });
  };
}
