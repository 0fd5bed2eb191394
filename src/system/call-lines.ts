import type { Logger } from "pino";
import type { CallLog, CallRecord } from "../rpc/call-log.ts";

const HUNDREDTHS = 100;

/** Logs one line a call: `info`, or `error` with the cause where the failure is ours. */
export function callLines(log: Logger): CallLog {
  return {
    finished(call: CallRecord) {
      const { cause, trouble: _, durationMs, ...fields } = call;
      const line = { ...fields, duration_ms: Math.round(durationMs * HUNDREDTHS) / HUNDREDTHS };
      if (cause === undefined) {
        log.info(line, "call");
      } else {
        log.error({ ...line, err: cause }, "call failed");
      }
    },
  };
}

/** Tells several logs of every call. */
export function allOf(...logs: readonly CallLog[]): CallLog {
  return {
    finished(call) {
      for (const log of logs) {
        log.finished(call);
      }
    },
  };
}
