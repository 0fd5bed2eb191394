import type { ClientHttp2Stream } from "node:http2";
import { Http2SessionManager } from "@connectrpc/connect-node";
/**
 * Connect's own, except for two things. A stream that is reset before its answer's end fails: Node ends it as if that were all, or never.
 * And a session's last error never ends the process: Connect stops listening as soon as it goes on with another session.
 */
export declare class SessionManager extends Http2SessionManager {
    request(...call: Parameters<Http2SessionManager["request"]>): Promise<ClientHttp2Stream>;
}
