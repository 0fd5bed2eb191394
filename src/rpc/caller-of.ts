import type { HandlerContext } from "@connectrpc/connect";
import type { Caller } from "../domain/caller.ts";
import { DomainError } from "../domain/failure.ts";
import { kCaller } from "./context.ts";

/** The authenticated caller; a handler that was reached without one refuses, so that a forgotten interceptor fails closed. */
export function callerOf(context: HandlerContext): Caller {
  const caller = context.values.get(kCaller);
  if (caller === undefined) {
    throw new DomainError("CREDENTIALS_MISSING", "the call was not authenticated");
  }
  return caller;
}
