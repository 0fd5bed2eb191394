import { type ContextValues, createContextValues } from "@connectrpc/connect";
import type { UniversalServerRequest } from "@connectrpc/connect/protocol";
import { type Call, LONGEST_TIMEOUT_MS } from "./calls.ts";
import type { Exchange } from "./exchange.ts";

/** The header of a request as a Headers object, pseudo-headers left out. */
export function headersOf(exchange: Exchange): Headers {
  const headers = new Headers();
  const source = exchange.headers;
  for (const name in source) {
    const value = source[name];
    if (name.startsWith(":") || value === undefined) {
      continue;
    }
    if (typeof value === "string") {
      headers.append(name, value);
    } else {
      for (const single of value) {
        headers.append(name, single);
      }
    }
  }
  return headers;
}

/** The key that a request shows, however it spells the rest of the header; empty: none. */
export function keyOf({ headers: { authorization = "" } }: Exchange): string {
  return authorization.slice(authorization.lastIndexOf(" ") + 1);
}

/** The request that Connect's universal handlers and the gateway take. */
export function universalRequest(
  exchange: Exchange,
  call: Call,
  body: AsyncIterable<Uint8Array>,
  contextValues: ContextValues = createContextValues(),
  header: Headers = headersOf(exchange),
): UniversalServerRequest {
  shortenTimeouts(header);
  return {
    httpVersion: exchange.httpVersion,
    method: exchange.method,
    url: `${exchange.scheme}://${exchange.authority || "localhost"}${exchange.target}`,
    header,
    body,
    signal: call.signal,
    contextValues,
  };
}

const UNIT_MS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };

/** Connect arms a timer with whatever the caller names, and Node fires one beyond its range at once. */
function shortenTimeouts(header: Headers): void {
  const connect = header.get("connect-timeout-ms");
  if (connect !== null && /^\d{10}$/.test(connect) && Number(connect) > LONGEST_TIMEOUT_MS) {
    header.set("connect-timeout-ms", String(LONGEST_TIMEOUT_MS));
  }
  const grpc = /^(\d{1,8})([HMSmun])$/.exec(header.get("grpc-timeout") ?? "");
  if (grpc && Number(grpc[1]) * UNIT_MS[grpc[2]!]! > LONGEST_TIMEOUT_MS) {
    header.set("grpc-timeout", `${Math.floor(LONGEST_TIMEOUT_MS / 1_000)}S`);
  }
}

/** Remembers the last good value: a connection, and mostly a whole server, sees one. */
export class AuthorityCheck {
  #good = "localhost";

  /** True where the Host header or :authority names a host and perhaps a port. An absent one is accepted: HTTP/1.0 has none. */
  accepts(authority: string | undefined): boolean {
    if (authority === undefined || authority === this.#good) {
      return true;
    }
    if (authority === "" || /[\s/?#@\\]/.test(authority) || !URL.canParse(`http://${authority}`)) {
      return false;
    }
    this.#good = authority;
    return true;
  }
}
