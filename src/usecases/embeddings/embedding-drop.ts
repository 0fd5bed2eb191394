import type { GenerationStore } from "../../domain/ports/generation-store.ts";
import { BackgroundLoop } from "./background-loop.ts";
import type { EmbeddingGenerations } from "./embedding-generations.ts";

export interface EmbeddingDropDeps {
  readonly store: GenerationStore;
  readonly generations: EmbeddingGenerations;
  readonly onError: (error: unknown) => void;
}

const IDLE_MS = 1000;
/** Between two pieces, so that calls get their turn. */
const BETWEEN_MS = 20;

/** Erases the vectors of generations that are being dropped, piece by piece; another process goes on where one died. */
export function embeddingDropLoop({ store, generations, onError }: EmbeddingDropDeps): BackgroundLoop {
  return new BackgroundLoop({
    onError,
    turn: async () => {
      const dropping = generations.list.find((one) => one.state === "dropping");
      const step = dropping === undefined ? "waiting" : await store.drop(dropping.id);
      if (step === "gone") await generations.refresh();
      return { ms: step === "more" ? BETWEEN_MS : IDLE_MS };
    },
  });
}
