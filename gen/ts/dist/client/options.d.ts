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
