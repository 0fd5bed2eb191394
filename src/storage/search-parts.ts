/** What the statements of one search are made of: SQL, with the workspace's id as $1. */
export interface SearchParts {
  /** `q`, as `queryCte` makes it. */
  readonly query: string;
  readonly lexical: boolean;
  /** The query has phrases, which every result holds. */
  readonly phrased: boolean;
  /** Distance of `e.embedding` to the query's vector, with literals as in the HNSW index; null: no vector leg. */
  readonly distance: string | null;
  readonly generation: number;
  /** Predicate on `e`, a row of memory_embedding. */
  readonly ownVector: string;
  /** Predicate on `m`, a row of memory: of the workspace, live, and for the reader's eyes. */
  readonly readable: string;
  /** Further predicate on `m`; `true` where nothing is filtered. */
  readonly filter: string;
  readonly ownMemory: string;
  /** The agent whose view it is, or null, for search_text. */
  readonly viewer: string;
  readonly perLeg: number;
  readonly overFetch: number;
  /** Rows that a leg may look at. */
  readonly bound: number;
  readonly withTexts: boolean;
  readonly withNeighbours: boolean;
}

/** The query's lexemes that `m`, a row of memory, has. */
export function lexemesOf(parts: SearchParts): string {
  return !parts.lexical
    ? "'{}'::text[]"
    : `array(select t.lexeme from unnest(q.lexemes, q.terms) t(lexeme, term) where m.tsv @@ t.term)`;
}
