import type { Facets } from "../memories/facets.ts";

/** What the statements of one search are made of: SQL, with the workspace's id as $1. */
export interface SearchParts {
  /** `q`, as `queryCte` makes it. */
  readonly query: string;
  readonly lexical: boolean;
  /** `query` has `names` as well, as `termsCte` makes it; never without the lexical retriever. */
  readonly hasNames: boolean;
  /** The query has phrases, which every result holds. */
  readonly phrased: boolean;
  /** Distance of `e.embedding` to the query's vector, with literals as in the HNSW index; null: no vector retriever. */
  readonly distance: string | null;
  readonly generation: number;
  /** Predicate on `m`, a row of memory: of the workspace, live, and for the principal to read. */
  readonly readable: string;
  /** Further predicate on `m`; `true` where nothing is filtered. */
  readonly filter: string;
  /** How memories are found that fit it. */
  readonly facets: Facets;
  /** Predicate on an alias of any table: of the workspace. */
  own(alias: string): string;
  /** The agent and the volume whose view it is, each or null, as two arguments of the functions that search words. */
  readonly reader: string;
  readonly perRetriever: number;
  readonly overFetch: number;
  /** Memories that a pool may hold. */
  readonly bound: number;
  /** Memories whose words are ranked at most. */
  readonly ranked: number;
  readonly withTexts: boolean;
  /** The memories around candidates take part; never without the lexical retriever, as they are asked for the query's words. */
  readonly withNeighbours: boolean;
}

/** The query's lexemes that `m`, a row of memory, has; and its names, which are a column of `m` then. `m.tsv` is as `unpacked` makes it. */
export function lexemesOf(parts: SearchParts): string {
  if (!parts.lexical) return "'{}'::text[]";
  return `array(select t.lexeme from unnest(q.lexemes, q.terms) t(lexeme, term) where m.tsv @@ t.term)${parts.hasNames ? " || m.names" : ""}`;
}

/** The list of words of `m`, in memory: as it is stored, a long one would be unpacked for each lexeme that it is asked for. */
export const UNPACKED = "setweight(m.tsv, 'D') as tsv";
