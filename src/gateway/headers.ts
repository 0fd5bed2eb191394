import { Code } from "@connectrpc/connect";
import { malformed, refuse } from "./failure.ts";

/** Request headers that reach an RPC: who calls, as whom, and what the call is known by. All others stay outside. */
const FORWARDED = [
  "authorization",
  "cairn-agent",
  "x-session-token",
  "x-request-id",
  "traceparent",
  "tracestate",
  "user-agent",
  "x-forwarded-for",
];

const FRAMING = /^(content-|connect-|grpc-|trailer-|transfer-encoding$|connection$|keep-alive$|upgrade$|date$)/;

/** Some 24 days. Node's timers hold no more: beyond it they fire at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** The headers that an RPC is called with. */
export function forwardedHeader(header: Headers): Headers {
  const out = new Headers();
  for (const name of FORWARDED) {
    const value = header.get(name);
    if (value !== null) {
      out.set(name, value);
    }
  }
  return out;
}

/** Adds what an RPC answered to the headers of an HTTP response; what frames the RPC's own message is left out. */
export function addAnswered(target: Headers, ...sources: readonly Headers[]): Headers {
  for (const source of sources) {
    source.forEach((value, name) => {
      if (!FRAMING.test(name) && !target.has(name)) {
        target.set(name, value);
      }
    });
  }
  return target;
}

/**
 * The deadline that a caller asks for: `request-timeout` in seconds, or `connect-timeout-ms`. Undefined where it names none;
 * refuses what is no number and answers a timeout of nothing at once.
 */
export function timeoutOf(header: Headers): number | undefined {
  const seconds = header.get("request-timeout");
  const milliseconds = header.get("connect-timeout-ms");
  if (seconds === null && milliseconds === null) {
    return undefined;
  }
  const name = seconds === null ? "connect-timeout-ms" : "request-timeout";
  const text = seconds ?? milliseconds ?? "";
  if (!(seconds === null ? /^\d{1,10}$/ : /^\d{1,7}(\.\d{1,3})?$/).test(text)) {
    throw malformed(
      name,
      seconds === null ? "must be milliseconds, at most 10 digits" : "must be seconds, such as 2.5",
    );
  }
  const timeoutMs = Number(text) * (seconds === null ? 1 : 1000);
  if (timeoutMs === 0) {
    throw refuse(Code.DeadlineExceeded, "DEADLINE_EXCEEDED", "the call's deadline has passed");
  }
  return Math.min(timeoutMs, LONGEST_TIMEOUT_MS);
}
