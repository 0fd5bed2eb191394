import type { OutgoingHttpHeaders } from "node:http";
import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import type { Exchange } from "./exchange.ts";
import { respellMessage } from "./grpc-status.ts";

/**
 * Sends a universal response, waiting for the reader where it is slow and no longer than `stallMs` at a stretch. Throws what the
 * body throws and `StalledReader`; in either case the body has been told to stop.
 */
export async function sendUniversalResponse(
  exchange: Exchange,
  response: UniversalServerResponse,
  stallMs: number,
): Promise<void> {
  const chunks = response.body?.[Symbol.asyncIterator]();
  try {
    if (chunks) {
      // The head goes out after the first chunk: until then the implementation may set headers.
      let next = await chunks.next();
      exchange.head(response.status, nodeHeaders(response.header));
      for (; !next.done; next = await chunks.next()) {
        if (!exchange.write(next.value)) {
          await exchange.drained(stallMs);
        }
        if (exchange.gone) {
          return;
        }
      }
    }
    if (!exchange.answered) {
      exchange.head(response.status, nodeHeaders(response.header));
    }
    exchange.end(response.trailer && nodeHeaders(respellMessage(response.trailer)));
  } finally {
    // Not awaited: a generator that is busy returns when it is done.
    chunks?.return?.().catch(() => {});
  }
}

/** A Headers object as Node wants it; set-cookie keeps its several values. */
export function nodeHeaders(headers: Headers | undefined): OutgoingHttpHeaders {
  const out: OutgoingHttpHeaders = {};
  headers?.forEach((value, name) => {
    const before = out[name];
    if (before === undefined) {
      out[name] = value;
    } else {
      out[name] = Array.isArray(before) ? [...before, value] : [String(before), value];
    }
  });
  return out;
}
