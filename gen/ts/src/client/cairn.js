import { Code, ConnectError } from "@connectrpc/connect";
import { AgentService, EmbeddingService, KeyService, MemoryService, WorkspaceService } from "../gen/index.js";
import { CairnError } from "./cairn-error.js";
import { reliableTransport } from "./reliable-transport.js";
import { Search } from "./search.js";
import { serviceClient } from "./service-client.js";
import { settingsOf } from "./settings.js";
import { openTransport } from "#transport";

/** A connection to Cairn and the services behind it. */
export class Cairn {
  #transport;
  #close;
  #closed = new AbortController();
  #clients = new Map();

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

  service(service) {
    const known = this.#clients.get(service);
    if (known !== undefined) return known;
    const client = serviceClient(service, this.#transport);
    this.#clients.set(service, client);
    return client;
  }

  search(request, options) {
    const message = typeof request === "string" ? { query: request } : request;
    return new Search(this.memories.search(message, options));
  }

  async *list(request = {}, options = undefined) {
    let pageToken = "";
    do {
      const page = await this.memories.listMemories({ ...request, pageToken }, options);
      yield* page.memories;
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
  }

  close() {
    this.#closed.abort(new CairnError(new ConnectError("the client is closed", Code.Canceled)));
    this.#close();
  }
}
