import { Code, ConnectError } from "@connectrpc/connect";
import { CairnError } from "./cairn-error.ts";

/** The longest that the header of gRPC can say, some 27 hours; a timer counts to 24 days. */
const LONGEST_MS = 99_999_999;

/** Milliseconds that a call may take; undefined: it has no deadline of its own, by 0, less or Infinity. */
export function callTimeout(timeoutMs: number | undefined, defaultMs: number | undefined): number | undefined {
  const ms = timeoutMs ?? defaultMs;
  if (Number.isNaN(ms)) {
    throw new CairnError(new ConnectError("timeoutMs has to be a number", Code.InvalidArgument));
  }
  return ms === undefined || ms <= 0 || ms === Number.POSITIVE_INFINITY ? undefined : Math.min(ms, LONGEST_MS);
}
