import { ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema } from "../../generated/google/rpc/error_details_pb.js";
/** Whose reasons are Cairn's; a proxy may have reasons of its own, by the same names. */
const DOMAIN = "cairn.v1";
/** A call that failed: a ConnectError that knows Cairn's reason for it. */
// Its name stays ConnectError's, by which that knows its own.
export class CairnError extends ConnectError {
    /** Undefined where the failure is not the server's, such as a connection refused. */
    reason;
    /** What varies in the message, such as `{ field: "memory.content" }`. */
    reasonMetadata;
    /** Id that the call goes by in the server's log. */
    callId;
    /** @internal */
    constructor(cause) {
        super(cause.rawMessage, cause.code, cause.metadata, undefined, cause.cause ?? cause);
        const info = cause.findDetails(ErrorInfoSchema).find(({ domain }) => domain === DOMAIN);
        this.details = cause.details;
        // A newer server may have reasons that this package does not name.
        this.reason = info?.reason;
        this.reasonMetadata = info?.metadata ?? {};
        this.callId = cause.metadata.get("x-request-id") ?? undefined;
    }
    /** @internal ConnectError takes anything of its own shape for an instance, so its own rule must not decide for this class. */
    static [Symbol.hasInstance](value) {
        // biome-ignore lint/complexity/noThisInStatic: of a subclass, the subclass has to decide.
        return Function.prototype[Symbol.hasInstance].call(this, value);
    }
    /** Whatever was thrown, as a CairnError. */
    static from(thrown) {
        return thrown instanceof CairnError ? thrown : new CairnError(ConnectError.from(thrown));
    }
}
