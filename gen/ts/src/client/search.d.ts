import type { SearchResult, SearchSummary } from "../gen/index.js";

/** The results of one search, in rank order. Leaving the loop early cancels the search on the server. */
export declare class Search implements AsyncIterable<SearchResult> {
  /** How the search went; undefined until the last result has been read. */
  readonly summary: SearchSummary | undefined;
  [Symbol.asyncIterator](): AsyncGenerator<SearchResult, void, undefined>;
}
