import { ConnectError } from "@connectrpc/connect";
import type { ErrorReason } from "../../generated/index.js";
/** Name of an ErrorReason, such as `MEMORY_NOT_FOUND`. */
export type ErrorReasonName = keyof typeof ErrorReason;
/** A call that failed: a ConnectError that knows Cairn's reason for it. */
export declare class CairnError extends ConnectError {
    /** Undefined where the failure is not the server's, such as a connection refused. */
    readonly reason: ErrorReasonName | undefined;
    /** What varies in the message, such as `{ field: "memory.content" }`. */
    readonly reasonMetadata: Readonly<Record<string, string>>;
    /** Id that the call goes by in the server's log. */
    readonly callId: string | undefined;
    /** Whatever was thrown, as a CairnError. */
    static from(thrown: unknown): CairnError;
}
