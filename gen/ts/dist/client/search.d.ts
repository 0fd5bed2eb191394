import type { SearchResult, SearchSummary } from "../../generated/index.js";
/** The results of one search, in rank order. Leaving the loop early cancels the search on the server. */
export declare class Search implements AsyncIterable<SearchResult> {
    #private;
    /** How the search went; undefined until the last result has been read. */
    get summary(): SearchSummary | undefined;
    [Symbol.asyncIterator](): AsyncGenerator<SearchResult, void, undefined>;
}
