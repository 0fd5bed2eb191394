import { ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema } from "../gen/google/rpc/error_details_pb.js";

/** Whose reasons are Cairn's; a proxy may have reasons of its own, by the same names. */
const DOMAIN = "cairn.v1";

/** A call that failed: a ConnectError that knows Cairn's reason for it. Its name stays ConnectError's, by which that knows its own. */
export class CairnError extends ConnectError {
  constructor(cause) {
    super(cause.rawMessage, cause.code, cause.metadata, undefined, cause.cause ?? cause);
    const info = cause.findDetails(ErrorInfoSchema).find(({ domain }) => domain === DOMAIN);
    this.details = cause.details;
    this.reason = info?.reason;
    this.reasonMetadata = info?.metadata ?? {};
    this.callId = cause.metadata.get("x-request-id") ?? undefined;
  }

  /** ConnectError takes anything of its own shape for an instance, so its own rule must not decide for this class. */
  static [Symbol.hasInstance](value) {
    return Function.prototype[Symbol.hasInstance].call(this, value);
  }

  /** Whatever was thrown, as a CairnError. */
  static from(thrown) {
    return thrown instanceof CairnError ? thrown : new CairnError(ConnectError.from(thrown));
  }
}
