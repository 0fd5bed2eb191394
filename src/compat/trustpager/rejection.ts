import { type Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema } from "../../../gen/server/google/rpc/error_details_pb.ts";

/** A rejection of the dialect's own: of what the native contract cannot say. */
export function rejection(
  code: Code,
  reason: string,
  message: string,
  metadata: Record<string, string> = {},
): ConnectError {
  const value = { reason, domain: "cairn.v1", metadata };
  return new ConnectError(message, code, undefined, [{ desc: ErrorInfoSchema, value }]);
}
