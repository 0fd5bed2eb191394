import type { MemoryFilter } from "../../domain/memory.ts";
import type { Clock } from "../../domain/ports/clock.ts";
import type { MemoryStore } from "../../domain/ports/memory-store.ts";
import type { SearchStore } from "../../domain/ports/search-store.ts";
import type { TokenModel } from "../../domain/ports/token-model.ts";
import type { RankingRules } from "../../domain/ranking/rank.ts";
import type { RankingTerms } from "../../domain/ranking/ranking-terms.ts";
import type { ActiveEmbedding } from "../embeddings/active-embedding.ts";

/** What a search is made with. */
export interface SearchDeps {
  readonly searches: SearchStore;
  readonly memories: Pick<MemoryStore, "getLive">;
  /** Null: there is no provider, and words alone rank. */
  readonly embedding: ActiveEmbedding | null;
  /** Default null: each word weighs the same, and nothing is reranked. */
  readonly tokens?: TokenModel | null;
  readonly clock: Clock;
  /** How long a remote provider may take for the query. Default 2 seconds. */
  readonly queryBudgetMs?: number;
}

/** What a search is asked. */
export interface SearchInput extends RankingRules {
  readonly query: string;
  readonly filter: MemoryFilter;
  /** Results at most, 1 to 100. */
  readonly limit: number;
  /** Late interaction takes part. Default true. */
  readonly rerank?: boolean;
  /** Default: DEFAULT_TERMS, term by term. */
  readonly terms?: Partial<RankingTerms>;
  /** Of results that say nearly the same only the best is kept. Default false. */
  readonly collapseDuplicates?: boolean;
  /** 0, the default: by score alone, to 1: by difference alone. */
  readonly diversity?: number;
}
