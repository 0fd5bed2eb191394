import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { ErrorInfoSchema } from "../../../gen/server/google/rpc/error_details_pb.ts";
import type { CallLog, CallRecord } from "../call-log.ts";
import { kApi, kCaller, kCallId } from "../context.ts";
import { watchStream } from "../stream-messages.ts";

const CODE_NAMES = new Map<Code, string>(
  Object.entries(Code)
    .filter((entry): entry is [string, Code] => typeof entry[1] === "number")
    .map(([name, code]) => [code, name.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase()]),
);

type Ending = Pick<CallRecord, "code" | "messages"> & { readonly error?: ConnectError };

/** Reports every call once, refused ones included, with the code that went out. Stands outside authentication for that reason. */
export function observe(log: CallLog): Interceptor {
  return (next) => async (req) => {
    const start = performance.now();
    const finish = (ending: Ending) => {
      const caller = req.contextValues.get(kCaller);
      log.finished({
        callId: req.contextValues.get(kCallId),
        method: `${req.service.typeName}/${req.method.name}`,
        api: req.contextValues.get(kApi),
        code: ending.code,
        durationMs: performance.now() - start,
        messages: ending.messages,
        ...(caller ? { workspaceId: caller.workspaceId, keyId: caller.keyId } : {}),
        ...(caller?.agentId ? { agentId: caller.agentId } : {}),
        ...(ending.error ? failureOf(ending.error) : {}),
      });
    };
    try {
      const res = await next(req);
      if (!res.stream) {
        finish({ code: "ok", messages: 1 });
        return res;
      }
      // Whoever cancels a call may stop pulling before the signal is noticed: that is no good end.
      const cut = () => (req.signal.aborted ? req.signal.reason : undefined);
      const onEnd = (count: number, error: unknown) => finish(endingOf(count, error ?? cut()));
      return { ...res, message: watchStream(res.message, { onEnd }) };
    } catch (error) {
      finish(endingOf(0, error));
      throw error;
    }
  };
}

function endingOf(messages: number, error: unknown): Ending {
  if (error === undefined) {
    return { code: "ok", messages };
  }
  const connectError = ConnectError.from(error);
  return { code: CODE_NAMES.get(connectError.code) ?? "unknown", messages, error: connectError };
}

function failureOf(error: ConnectError): Pick<CallRecord, "reason" | "cause" | "trouble"> {
  const reason = error.findDetails(ErrorInfoSchema)[0]?.reason;
  const unknown = error.code === Code.Internal || error.code === Code.Unknown;
  return {
    ...(reason ? { reason } : {}),
    ...(unknown ? { cause: error.cause ?? error } : {}),
    ...(reason === "STORAGE_FULL" ? { trouble: error.cause ?? error } : {}),
  };
}
