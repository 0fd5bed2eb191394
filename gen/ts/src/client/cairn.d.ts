import type { DescService, MessageInitShape } from "@bufbuild/protobuf";
import type { CallOptions, Client } from "@connectrpc/connect";
import type {
  AgentService,
  EmbeddingService,
  KeyService,
  ListMemoriesRequestSchema,
  Memory,
  MemoryService,
  SearchRequestSchema,
  WorkspaceService,
} from "../gen/index.js";
import type { Search } from "./search.js";

/** How a client is set up. Everything has a default. */
export interface CairnOptions {
  /** Such as `https://cairn.example.com`; https turns TLS on. Default: CAIRN_URL, else `http://127.0.0.1:8080`. */
  readonly url?: string;
  /** Default: CAIRN_API_KEY. */
  readonly apiKey?: string;
  /** UUID or handle of the agent whose view a workspace-wide key takes. Default: none. */
  readonly agent?: string;
  /** Default `connect`. In a browser `connect` and `grpc-web`. */
  readonly protocol?: "connect" | "grpc" | "grpc-web";
  /** JSON messages in place of binary ones. Default false. */
  readonly json?: boolean;
  /**
   * Deadline in milliseconds of a unary call that brings none. Default 30,000; Infinity: the server's, as streams have it. In a call's own
   * options 0 stands for that as well.
   */
  readonly timeoutMs?: number;
  /** How often a call that is safe to repeat is tried at most, the first time included. Default 4; 0 and 1 never repeat. */
  readonly attempts?: number;
  /** Certificates in PEM to trust in place of the machine's own. Node alone. */
  readonly ca?: string | Uint8Array;
}

/**
 * A connection to Cairn. Calls that are safe to repeat (reads, and writes that have a `requestId`, which is made where it is empty) are
 * repeated with backoff while the server is unavailable or overloaded, or still carries out an earlier call of the same `requestId`, within
 * the call's deadline. Every failure is a CairnError.
 */
export declare class Cairn {
  /** @throws TypeError where an option is wrong. Connects at the first call. */
  constructor(options?: CairnOptions);
  readonly memories: Client<typeof MemoryService>;
  readonly agents: Client<typeof AgentService>;
  readonly keys: Client<typeof KeyService>;
  readonly workspaces: Client<typeof WorkspaceService>;
  readonly embeddings: Client<typeof EmbeddingService>;
  /** A client of any service of the package. Leaving a loop over its streams cancels them on the server. */
  service<S extends DescService>(service: S): Client<S>;
  /** Searches by a question, or by a whole request. The call begins when the first result is asked for. */
  search(request: string | MessageInitShape<typeof SearchRequestSchema>, options?: CallOptions): Search;
  /** All memories that match, newest first, page by page as they are read. */
  list(
    request?: Omit<MessageInitShape<typeof ListMemoriesRequestSchema>, "pageToken" | "$typeName" | "$unknown">,
    options?: CallOptions,
  ): AsyncGenerator<Memory, void, undefined>;
  /** Closes the connection: running calls and later ones fail as CANCELED. */
  close(): void;
}
