import pino, { type DestinationStream, type Logger } from "pino";

/** Lines wait for each other this long, or until there are so many bytes: a write for each would cost a tenth of a call. */
const BATCH = { minLength: 8192, periodicFlush: 50 };

/** One JSON object a line on standard error. Secrets have no field here, and headers are never logged. */
export function createLog(
  level: string,
  destination: DestinationStream = pino.destination({ fd: 2, sync: false, ...BATCH }),
): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: "message" }, destination);
}
