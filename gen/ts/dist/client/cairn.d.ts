import type { DescService, MessageInitShape } from "@bufbuild/protobuf";
import { type CallOptions, type Client } from "@connectrpc/connect";
import { AgentService, EmbeddingService, KeyService, type ListMemoriesRequestSchema, type Memory, MemoryService, type SearchRequestSchema, WorkspaceService } from "../../generated/index.js";
import type { CairnOptions } from "./options.js";
import { Search } from "./search.js";
/**
 * A connection to Cairn. Calls that are safe to repeat (reads, and writes that have a `requestId`, which is made where it is empty) are
 * repeated with backoff while the server is unavailable or overloaded, or still carries out an earlier call of the same `requestId`, within
 * the call's deadline. Every failure is a CairnError.
 */
export declare class Cairn {
    #private;
    /** @throws TypeError where an option is wrong. Connects at the first call. */
    constructor(options?: CairnOptions);
    get memories(): Client<typeof MemoryService>;
    get agents(): Client<typeof AgentService>;
    get keys(): Client<typeof KeyService>;
    get workspaces(): Client<typeof WorkspaceService>;
    get embeddings(): Client<typeof EmbeddingService>;
    /** A client of any service of the package. Leaving a loop over its streams cancels them on the server. */
    service<S extends DescService>(service: S): Client<S>;
    /** Searches by a question, or by a whole request. The call begins when the first result is asked for. */
    search(request: string | MessageInitShape<typeof SearchRequestSchema>, options?: CallOptions): Search;
    /** All memories that match, newest first, page by page as they are read. */
    list(request?: Omit<MessageInitShape<typeof ListMemoriesRequestSchema>, "pageToken" | "$typeName" | "$unknown">, options?: CallOptions): AsyncGenerator<Memory, void, undefined>;
    /** Closes the connection: running calls and later ones fail as CANCELED. */
    close(): void;
}
