import { leavable } from "./leavable.js";
/** The results of one search, in rank order. Leaving the loop early cancels the search on the server. */
export class Search {
    #messages;
    #summary;
    /** @internal */
    constructor(messages) {
        this.#messages = messages;
    }
    /** How the search went; undefined until the last result has been read. */
    get summary() {
        return this.#summary;
    }
    [Symbol.asyncIterator]() {
        return leavable(this.#results(), () => this.#messages.return());
    }
    async *#results() {
        for await (const { part } of this.#messages) {
            if (part.case === "summary")
                this.#summary = part.value;
            if (part.case === "result")
                yield part.value;
        }
    }
}
