import { DomainError } from "../../domain/failure.ts";
import type { EmbeddingQueue } from "../../domain/ports/embedding-queue.ts";
import type { GenerationStore } from "../../domain/ports/generation-store.ts";
import type { ActiveEmbedding } from "./active-embedding.ts";
import { BackgroundLoop, type Rest } from "./background-loop.ts";
import { embedMissing } from "./embed-missing.ts";
import type { EmbeddingGenerations } from "./embedding-generations.ts";

export interface EmbeddingBuildDeps {
  readonly store: GenerationStore;
  readonly queue: Pick<EmbeddingQueue, "promote">;
  readonly generations: EmbeddingGenerations;
  /** The configured provider's generation takes over as soon as it is complete. False: an operator activates it. */
  readonly activates: boolean;
  /** Told once the worker has something to do. */
  readonly onBacklog: () => void;
  readonly onActivated: (generation: number) => void;
  readonly onError: (error: unknown) => void;
}

/** Notes ahead of the worker: enough that it never waits, few enough that a large table is not copied into notes. */
const AHEAD = 5000;
/** With this little left, the rest can be embedded while writes wait. */
const NEARLY_NOTHING = 64;
/** Vectors of a workspace that an exact search reads in a dozen milliseconds: the index of more is made first. */
const READ_EXACTLY = 20_000;
const IDLE_MS = 1000;
const CATCH_UP_MS = 100;

/**
 * Walks the generation that is being built towards its activation: notes what it lacks, piece by piece, and, once nearly
 * nothing is left, makes it the active one. Every step is a transaction of its own, so that any process goes on where another
 * one died. The worker of the backlog does the embedding.
 */
export function embeddingBuildLoop(deps: EmbeddingBuildDeps): BackgroundLoop {
  let tidied: number | null = null;
  return new BackgroundLoop({
    onError: deps.onError,
    errorRestMs: 250,
    turn: async () => {
      const { building, list } = deps.generations;
      if (building !== null) return step(deps, building);
      const active = list.find((one) => one.state === "active")?.id ?? null;
      const isTidy = active === null || active === tidied || list.some((one) => one.state === "building");
      // Notes on a generation that is active are of no more use.
      if (!isTidy && (await deps.store.forgetBacklog(active))) tidied = active;
      return { ms: isTidy || tidied === active ? IDLE_MS : 0 };
    },
  });
}

async function step(deps: EmbeddingBuildDeps, building: ActiveEmbedding): Promise<Rest> {
  const { store, generations, queue } = deps;
  const left = await store.backlog(building.generation, AHEAD);
  if (left < AHEAD && !(await store.scan(building.generation))) {
    deps.onBacklog();
    return { ms: 0 };
  }
  if (!mayActivate(deps, building.generation)) return { ms: IDLE_MS };
  if (left > NEARLY_NOTHING) return { ms: CATCH_UP_MS };
  // A workspace that needs its index should not have to do without.
  const { moved, restMs } = await queue.promote(building.generation, READ_EXACTLY);
  if (moved > 0) return { ms: restMs, firm: true };
  const isActive = await activated(store, building);
  if (isActive === null) return { ms: IDLE_MS, firm: true };
  if (!isActive) return { ms: CATCH_UP_MS };
  deps.onActivated(building.generation);
  await generations.refresh();
  return { ms: 0 };
}

/** Null: its provider does not answer. */
async function activated(store: GenerationStore, building: ActiveEmbedding): Promise<boolean | null> {
  try {
    return await store.activate(building.generation, embedMissing(building));
  } catch (error) {
    if (error instanceof DomainError && error.reason === "EMBEDDER_UNAVAILABLE") return null;
    throw error;
  }
}

/** Where nothing serves searches by meaning, there is nothing to wait for an operator for. */
function mayActivate({ generations, activates }: EmbeddingBuildDeps, generation: number): boolean {
  return generations.configured === generation && (activates || generations.inUse?.absent === true);
}
