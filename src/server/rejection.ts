import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema } from "../../gen/server/google/rpc/error_details_pb.ts";

/** Why the listener itself refuses a call; the reasons of `cairn.v1.ErrorReason` that it may name. */
export type RejectionReason =
  | "MALFORMED_REQUEST"
  | "ROUTE_NOT_FOUND"
  | "REQUEST_TOO_LARGE"
  | "OVERLOADED"
  | "SHUTTING_DOWN"
  | "DEADLINE_EXCEEDED"
  | "CANCELLED"
  | "INTERNAL";

const CODES: Readonly<Record<RejectionReason, Code>> = {
  MALFORMED_REQUEST: Code.InvalidArgument,
  ROUTE_NOT_FOUND: Code.Unimplemented,
  REQUEST_TOO_LARGE: Code.ResourceExhausted,
  OVERLOADED: Code.ResourceExhausted,
  SHUTTING_DOWN: Code.Unavailable,
  DEADLINE_EXCEEDED: Code.DeadlineExceeded,
  CANCELLED: Code.Canceled,
  INTERNAL: Code.Internal,
};

/** Makes the errors of the listener: a status code and, where `domain` is set, one google.rpc.ErrorInfo. */
export class Rejections {
  readonly #domain: string | undefined;

  constructor(domain: string | undefined) {
    this.#domain = domain;
  }

  make(
    reason: RejectionReason,
    message: string,
    metadata: Record<string, string> = {},
    cause?: unknown,
    code: Code = CODES[reason],
  ): ConnectError {
    const info =
      this.#domain === undefined ? [] : [{ desc: ErrorInfoSchema, value: { reason, domain: this.#domain, metadata } }];
    return new ConnectError(message, code, undefined, info, cause);
  }

  tooLarge(limit: number): ConnectError {
    return this.make("REQUEST_TOO_LARGE", `the message is larger than the limit of ${limit} bytes`, {
      limit_bytes: String(limit),
    });
  }

  overloaded(): ConnectError {
    return this.make("OVERLOADED", "the server holds as many request bodies as it may; try again");
  }

  /** Over REST an unknown route is NOT_FOUND; as an RPC it is UNIMPLEMENTED. */
  noRoute(method: string, path: string): ConnectError {
    return this.make("ROUTE_NOT_FOUND", `no route ${method} ${path}`, {}, undefined, Code.NotFound);
  }

  malformed(message: string, cause?: unknown): ConnectError {
    return this.make("MALFORMED_REQUEST", message, {}, cause);
  }
}
