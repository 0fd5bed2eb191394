import pino, { type DestinationStream, type Logger } from "pino";

/** One JSON object a line on standard error. Secrets have no field here, and headers are never logged. */
export function createLog(
  level: string,
  destination: DestinationStream = pino.destination({ fd: 2, sync: false }),
): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: "message" }, destination);
}
