import type { Interceptor } from "@connectrpc/connect";
import { toConnectError } from "../connect-error.ts";
import { kCallId } from "../context.ts";
import { watchStream } from "../stream-messages.ts";

/** Gives every failure its wire form; wraps a stream's messages too, or an error in mid-stream would escape. */
export const mapErrors: Interceptor = (next) => async (req) => {
  const mapError = (error: unknown) => toConnectError(error, req.signal, req.contextValues.get(kCallId));
  try {
    const res = await next(req);
    return res.stream ? { ...res, message: watchStream(res.message, { mapError }) } : res;
  } catch (error) {
    throw mapError(error);
  }
};
