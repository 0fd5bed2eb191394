import { DomainError } from "../../domain/failure.ts";

/**
 * What to throw once a signal is aborted: its own reason where that says more than "aborted" (a transport's deadline error),
 * else CANCELLED, or DEADLINE_EXCEEDED for AbortSignal.timeout.
 */
export function abortReason(signal: AbortSignal): unknown {
  const reason: unknown = signal.reason;
  if (reason instanceof DOMException || !(reason instanceof Error)) {
    return reason instanceof DOMException && reason.name === "TimeoutError"
      ? new DomainError("DEADLINE_EXCEEDED", "the call's deadline passed", {}, reason)
      : new DomainError("CANCELLED", "the caller went away", {}, reason);
  }
  return reason;
}
