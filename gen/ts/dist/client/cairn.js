import { Code, ConnectError } from "@connectrpc/connect";
import { openTransport } from "#transport";
import { AgentService, EmbeddingService, KeyService, MemoryService, WorkspaceService, } from "../../generated/index.js";
import { CairnError } from "./cairn-error.js";
import { reliableTransport } from "./reliable-transport.js";
import { Search } from "./search.js";
import { serviceClient } from "./service-client.js";
import { settingsOf } from "./settings.js";
/**
 * A connection to Cairn. Calls that are safe to repeat (reads, and writes that have a `requestId`, which is made where it is empty) are
 * repeated with backoff while the server is unavailable or overloaded, or still carries out an earlier call of the same `requestId`, within
 * the call's deadline. Every failure is a CairnError.
 */
export class Cairn {
    #transport;
    #close;
    #closed = new AbortController();
    #clients = new Map();
    /** @throws TypeError where an option is wrong. Connects at the first call. */
    constructor(options = {}) {
        const settings = settingsOf(options);
        const { transport, close } = openTransport(settings);
        this.#transport = reliableTransport(transport, settings, this.#closed.signal);
        this.#close = close;
    }
    get memories() {
        return this.service(MemoryService);
    }
    get agents() {
        return this.service(AgentService);
    }
    get keys() {
        return this.service(KeyService);
    }
    get workspaces() {
        return this.service(WorkspaceService);
    }
    get embeddings() {
        return this.service(EmbeddingService);
    }
    /** A client of any service of the package. Leaving a loop over its streams cancels them on the server. */
    service(service) {
        return this.#clientOf(service);
    }
    /** Searches by a question, or by a whole request. The call begins when the first result is asked for. */
    search(request, options) {
        const message = typeof request === "string" ? { query: request } : request;
        return new Search(this.#clientOf(MemoryService).search(message, options));
    }
    /** All memories that match, newest first, page by page as they are read. */
    async *list(request = {}, options) {
        let pageToken = "";
        do {
            const page = await this.memories.listMemories({ ...request, pageToken }, options);
            yield* page.memories;
            pageToken = page.nextPageToken;
        } while (pageToken !== "");
    }
    /** Closes the connection: running calls and later ones fail as CANCELED. */
    close() {
        this.#closed.abort(new CairnError(new ConnectError("the client is closed", Code.Canceled)));
        this.#close();
    }
    #clientOf(service) {
        const client = this.#clients.get(service) ?? serviceClient(service, this.#transport);
        this.#clients.set(service, client);
        return client;
    }
}
