import type { Caller } from "../../src/domain/caller.ts";
import type { RankedResult, SearchSummary } from "../../src/domain/search.ts";
import { loadShippedModel } from "../../src/embedding/static/shipped-model.ts";
import { staticTokenModel } from "../../src/embedding/static/static-token-model.ts";
import type { Storage } from "../../src/storage/storage.ts";
import { systemClock } from "../../src/system/system-clock.ts";
import { search } from "../../src/usecases/search/search.ts";
import type { SearchInput } from "../../src/usecases/search/search-input.ts";
import { builtInEmbedder } from "../embeddings/built-in-embedder.ts";
import { makeWorkspace, never, type SeedMemory, seed } from "./seed.ts";

const tokens = staticTokenModel(await loadShippedModel());

/** What one search gave. */
export interface Finding {
  readonly results: readonly RankedResult[];
  readonly ids: readonly string[];
  readonly summary: SearchSummary;
}

/** Searches a workspace of its own as a server does by default: with the built-in model, in all that it is used for. */
export class Finder {
  readonly ids: readonly string[];
  readonly caller: Caller;
  readonly #storage: Storage;

  static async over(storage: Storage, memories: readonly SeedMemory[], language = "english"): Promise<Finder> {
    const workspaceId = await makeWorkspace(storage);
    const rows = memories.map((memory) => ({ language, ...memory }));
    return new Finder(storage, workspaceId, await seed(storage, workspaceId, rows), language);
  }

  private constructor(storage: Storage, workspaceId: string, ids: readonly string[], language: string) {
    this.#storage = storage;
    this.ids = ids;
    const who = {
      agentId: null,
      boundToAgent: false,
      registersAgents: true,
      volumeId: null,
      expireTime: null,
      keyId: workspaceId,
    };
    this.caller = { ...who, workspaceId, scopes: new Set(["memory:read"]), callId: "c", api: "native", language };
  }

  async find(query: string, more: Partial<SearchInput> = {}, agentId: string | null = null): Promise<Finding> {
    const { searches, memories } = this.#storage;
    const deps = {
      ...{ searches, memories, tokens, clock: systemClock },
      embedding: { embedder: builtInEmbedder, generation: 1 },
    };
    const floors = { minScore: null, minSimilarity: null, lexicalPassesSimilarity: false };
    const input: SearchInput = { query, mode: "hybrid", filter: {}, limit: 10, ...floors, ...more };
    const results: RankedResult[] = [];
    for await (const part of search(deps, { ...this.caller, agentId }, input, never)) {
      if ("summary" in part) return { results, ids: results.map((one) => one.memory.id), summary: part.summary };
      results.push(part.result);
    }
    throw new Error("a search without its summary");
  }

  /** Places of the results among what was seeded. */
  async places(query: string, more: Partial<SearchInput> = {}, agentId: string | null = null): Promise<number[]> {
    return (await this.find(query, more, agentId)).ids.map((id) => this.ids.indexOf(id));
  }
}
