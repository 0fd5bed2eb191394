import { ConnectError, type Interceptor } from "@connectrpc/connect";
import type { IdSource } from "../../domain/ports/id-source.ts";
import { kCallId } from "../context.ts";

const CALL_ID_HEADER = "x-request-id";
const CALL_ID = /^[A-Za-z0-9._-]{1,100}$/;

/** Gives the call its id first of all, so that every later line, error and answer has it. */
export function requestContext(ids: IdSource): Interceptor {
  return (next) => async (req) => {
    const given = req.header.get(CALL_ID_HEADER);
    const callId = given !== null && CALL_ID.test(given) ? given : ids.next();
    req.contextValues.set(kCallId, callId);
    // A dialect passes its own call's headers on, so that the native call inside goes by the same id.
    req.header.set(CALL_ID_HEADER, callId);
    try {
      const res = await next(req);
      res.header.set(CALL_ID_HEADER, callId);
      return res;
    } catch (error) {
      if (error instanceof ConnectError) {
        error.metadata.set(CALL_ID_HEADER, callId);
      }
      throw error;
    }
  };
}
