import type { DescService, MessageInitShape } from "@bufbuild/protobuf";
import { type CallOptions, type Client, Code, ConnectError, type Transport } from "@connectrpc/connect";
import { openTransport } from "#transport";
import {
  AgentService,
  EmbeddingService,
  KeyService,
  type ListMemoriesRequestSchema,
  type Memory,
  MemoryService,
  type SearchRequestSchema,
  WorkspaceService,
} from "../../generated/index.js";
import { CairnError } from "./cairn-error.ts";
import type { CairnOptions } from "./options.ts";
import { reliableTransport } from "./reliable-transport.ts";
import { Search } from "./search.ts";
import { type ServiceClient, serviceClient } from "./service-client.ts";
import { settingsOf } from "./settings.ts";

/**
 * A connection to Cairn. Calls that are safe to repeat (reads, and writes that have a `requestId`, which is made where it is empty) are
 * repeated with backoff while the server is unavailable or overloaded, or still carries out an earlier call of the same `requestId`, within
 * the call's deadline. Every failure is a CairnError.
 */
export class Cairn {
  readonly #transport: Transport;
  readonly #close: () => void;
  readonly #closed = new AbortController();
  readonly #clients = new Map<DescService, unknown>();

  /** @throws TypeError where an option is wrong. Connects at the first call. */
  constructor(options: CairnOptions = {}) {
    const settings = settingsOf(options);
    const { transport, close } = openTransport(settings);
    this.#transport = reliableTransport(transport, settings, this.#closed.signal);
    this.#close = close;
  }

  get memories(): Client<typeof MemoryService> {
    return this.service(MemoryService);
  }

  get agents(): Client<typeof AgentService> {
    return this.service(AgentService);
  }

  get keys(): Client<typeof KeyService> {
    return this.service(KeyService);
  }

  get workspaces(): Client<typeof WorkspaceService> {
    return this.service(WorkspaceService);
  }

  get embeddings(): Client<typeof EmbeddingService> {
    return this.service(EmbeddingService);
  }

  /** A client of any service of the package. Leaving a loop over its streams cancels them on the server. */
  service<S extends DescService>(service: S): Client<S> {
    return this.#clientOf(service) as Client<S>;
  }

  /** Searches by a question, or by a whole request. The call begins when the first result is asked for. */
  search(request: string | MessageInitShape<typeof SearchRequestSchema>, options?: CallOptions): Search {
    const message = typeof request === "string" ? { query: request } : request;
    return new Search(this.#clientOf(MemoryService).search(message, options));
  }

  /** All memories that match, newest first, page by page as they are read. */
  async *list(
    request: Omit<MessageInitShape<typeof ListMemoriesRequestSchema>, "pageToken" | "$typeName" | "$unknown"> = {},
    options?: CallOptions,
  ): AsyncGenerator<Memory, void, undefined> {
    let pageToken = "";
    do {
      const page = await this.memories.listMemories({ ...request, pageToken }, options);
      yield* page.memories;
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
  }

  /** Closes the connection: running calls and later ones fail as CANCELED. */
  close(): void {
    this.#closed.abort(new CairnError(new ConnectError("the client is closed", Code.Canceled)));
    this.#close();
  }

  #clientOf<S extends DescService>(service: S): ServiceClient<S> {
    const client = this.#clients.get(service) ?? serviceClient(service, this.#transport);
    this.#clients.set(service, client);
    return client as ServiceClient<S>;
  }
}
