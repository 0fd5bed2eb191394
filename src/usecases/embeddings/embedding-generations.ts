import type { EmbeddingGeneration } from "../../domain/embedding-generation.ts";
import type { Embedder } from "../../domain/ports/embedder.ts";
import type { GenerationStore } from "../../domain/ports/generation-store.ts";
import { absentEmbedder } from "./absent-embedder.ts";
import type { ActiveEmbedding } from "./active-embedding.ts";
import { BackgroundLoop } from "./background-loop.ts";

export interface EmbeddingGenerationsDeps {
  readonly store: GenerationStore;
  /** The provider that the configuration names; null: words alone. */
  readonly configured: Embedder | null;
  /** A provider of another generation's model; null where the configuration does not reach it. */
  readonly make: (model: string, dimensions: number) => Embedder | null;
  readonly onError: (error: unknown) => void;
}

/** How soon a process notices what another one made of the generations. */
const REFRESH_MS = 500;

/**
 * What this process knows of the generations, at most a moment old: the rows in the database decide, for all processes. At
 * start-up a configured model that is not the active generation's begins to be built.
 */
export class EmbeddingGenerations {
  readonly #deps: EmbeddingGenerationsDeps;
  readonly #embedders = new Map<number, Embedder | null>();
  readonly #listeners: (() => void)[] = [];
  #list: readonly EmbeddingGeneration[] = [];
  #configured: number | null = null;
  #wantsBuild = false;
  #inUse: ActiveEmbedding | null = null;
  #wanted: ActiveEmbedding | null = null;
  #building: ActiveEmbedding | null = null;

  constructor(deps: EmbeddingGenerationsDeps) {
    this.#deps = deps;
  }

  /** What searches and writes use now; null: there is no provider. */
  get inUse(): ActiveEmbedding | null {
    return this.#inUse;
  }

  /**
   * What writes want a vector of: what is in use, and without a provider the active generation all the same. Its vectors are left to
   * another process, or to a later start of this one. Null: no generation is active.
   */
  get wanted(): ActiveEmbedding | null {
    return this.#wanted;
  }

  /** The generation that is being built, where this process can make its vectors. */
  get building(): ActiveEmbedding | null {
    return this.#building;
  }

  get list(): readonly EmbeddingGeneration[] {
    return this.#list;
  }

  /** The number of the configured provider's generation; null: there is no provider. */
  get configured(): number | null {
    return this.#configured;
  }

  /** Told after each change of what is in use or being built. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** The generation of the configured provider, made anew where it was dropped; null: there is no provider. */
  async ensureConfigured(): Promise<number | null> {
    const { configured, store } = this.#deps;
    if (configured !== null) this.#configured = await store.ensure(configured.model, configured.dimensions);
    return this.#configured;
  }

  /** Its embedder refuses everything where `canMake` says no. */
  embeddingOf(generation: EmbeddingGeneration): ActiveEmbedding {
    const embedder = this.#embedderOf(generation);
    const { id, model, dimensions } = generation;
    return embedder === null
      ? { embedder: absentEmbedder(model, dimensions), generation: id, absent: true }
      : { embedder, generation: id };
  }

  /** True where this process can make vectors of the generation. */
  canMake(generation: EmbeddingGeneration): boolean {
    return this.#embedderOf(generation) !== null;
  }

  async start(): Promise<void> {
    this.#wantsBuild = (await this.ensureConfigured()) !== null;
    await this.refresh();
  }

  /** Reads the rows again, and begins the build that the configuration asks for. */
  async refresh(): Promise<void> {
    this.#take(await this.#deps.store.list());
    if (this.#wantsBuild && (await this.#beginBuild())) {
      this.#wantsBuild = false;
      this.#take(await this.#deps.store.list());
    }
  }

  /** Keeps this process up to date. */
  watch(): BackgroundLoop {
    return new BackgroundLoop({
      onError: this.#deps.onError,
      turn: async () => {
        await this.refresh();
        return { ms: REFRESH_MS };
      },
    });
  }

  /** True: there is nothing left to begin. One that is being dropped is waited for. */
  async #beginBuild(): Promise<boolean> {
    const own = this.#list.find((one) => one.id === this.#configured);
    if (own?.state === "active" || own?.state === "building") return true;
    if (own?.state === "dropping") return false;
    const id = await this.ensureConfigured();
    return id !== null && this.#deps.store.startBuild(id);
  }

  #take(list: readonly EmbeddingGeneration[]): void {
    this.#list = list;
    const active = list.find((one) => one.state === "active");
    const building = list.find((one) => one.state === "building");
    const before = [this.#inUse?.generation, this.#building?.generation];
    this.#wanted = active === undefined ? null : this.#wantedOf(active);
    this.#inUse = this.#deps.configured === null ? null : this.#wanted;
    this.#building = building !== undefined && this.canMake(building) ? this.embeddingOf(building) : null;
    if (before[0] !== this.#inUse?.generation || before[1] !== this.#building?.generation) {
      for (const listener of this.#listeners) listener();
    }
  }

  /** Without a provider no process asks one, not even one that it could make. */
  #wantedOf(active: EmbeddingGeneration): ActiveEmbedding {
    if (this.#deps.configured !== null) return this.embeddingOf(active);
    return { embedder: absentEmbedder(active.model, active.dimensions), generation: active.id, absent: true };
  }

  #embedderOf({ id, model, dimensions }: EmbeddingGeneration): Embedder | null {
    const known = this.#embedders.get(id);
    if (known !== undefined) return known;
    const { configured, make } = this.#deps;
    const isOwn = configured?.model === model && configured.dimensions === dimensions;
    const embedder = isOwn ? configured : make(model, dimensions);
    this.#embedders.set(id, embedder);
    return embedder;
  }
}
