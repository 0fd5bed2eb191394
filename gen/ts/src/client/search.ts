import type { SearchResponse, SearchResult, SearchSummary } from "../../generated/index.js";
import { leavable } from "./leavable.ts";

/** The results of one search, in rank order. Leaving the loop early cancels the search on the server. */
export class Search implements AsyncIterable<SearchResult> {
  readonly #messages: AsyncGenerator<SearchResponse, void, undefined>;
  #summary: SearchSummary | undefined;

  /** @internal */
  constructor(messages: AsyncGenerator<SearchResponse, void, undefined>) {
    this.#messages = messages;
  }

  /** How the search went; undefined until the last result has been read. */
  get summary(): SearchSummary | undefined {
    return this.#summary;
  }

  [Symbol.asyncIterator](): AsyncGenerator<SearchResult, void, undefined> {
    return leavable(this.#results(), () => this.#messages.return());
  }

  async *#results(): AsyncGenerator<SearchResult, void, undefined> {
    for await (const { part } of this.#messages) {
      if (part.case === "summary") this.#summary = part.value;
      if (part.case === "result") yield part.value;
    }
  }
}
