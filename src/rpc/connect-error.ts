import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema } from "../../gen/server/google/rpc/error_details_pb.ts";
import { DomainError, type Reason } from "../domain/failure.ts";
import { CODE_OF_REASON } from "./error-code.ts";

const ERROR_DOMAIN = "cairn.v1";

/** What an aborted signal says of itself, by the code of its reason. */
const REASON_OF_ABORT = new Map<Code, Reason>([
  [Code.DeadlineExceeded, "DEADLINE_EXCEEDED"],
  [Code.Unavailable, "SHUTTING_DOWN"],
  [Code.Canceled, "CANCELLED"],
]);

/** The one place where a failure gets its wire form: a status code and one google.rpc.ErrorInfo. */
export function toConnectError(failure: unknown, signal: AbortSignal, callId: string): ConnectError {
  if (failure instanceof DomainError) {
    return withInfo(failure.reason, failure.message, failure.metadata, failure.cause);
  }
  if (signal.aborted && (!(failure instanceof ConnectError) || failure === signal.reason)) {
    return fromAbort(signal.reason, failure);
  }
  if (failure instanceof ConnectError) {
    return failure;
  }
  return withInfo("INTERNAL", `internal error (call ${callId})`, { call_id: callId }, failure);
}

function fromAbort(abortReason: unknown, failure: unknown): ConnectError {
  const code = abortReason instanceof ConnectError ? abortReason.code : Code.Canceled;
  const timedOut = abortReason instanceof Error && abortReason.name === "TimeoutError";
  const reason = timedOut ? "DEADLINE_EXCEEDED" : (REASON_OF_ABORT.get(code) ?? "CANCELLED");
  return withInfo(reason, ABORT_MESSAGE[reason] ?? "the call was cancelled", {}, failure);
}

const ABORT_MESSAGE: Partial<Record<Reason, string>> = {
  DEADLINE_EXCEEDED: "the deadline passed",
  SHUTTING_DOWN: "the server is shutting down",
};

function withInfo(
  reason: Reason,
  message: string,
  metadata: Readonly<Record<string, string>>,
  cause: unknown,
): ConnectError {
  const info = { reason, domain: ERROR_DOMAIN, metadata: { ...metadata } };
  return new ConnectError(message, CODE_OF_REASON[reason], undefined, [{ desc: ErrorInfoSchema, value: info }], cause);
}
