import { ConnectError } from "@connectrpc/connect";
import type { UniversalServerRequest } from "@connectrpc/connect/protocol";
import type { Call } from "./calls.ts";
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

/** The request that Connect's universal handlers and the gateway take. */
export function universalRequest(
  exchange: Exchange,
  call: Call,
  body: AsyncIterable<Uint8Array>,
): UniversalServerRequest {
  return {
    httpVersion: exchange.httpVersion,
    method: exchange.method,
    url: `${exchange.scheme}://${exchange.authority || "localhost"}${exchange.target}`,
    header: headersOf(exchange),
    body,
    signal: call.signal,
  };
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

/** Any failure as a ConnectError. */
export function asConnectError(error: unknown, internal: (cause: unknown) => ConnectError): ConnectError {
  return error instanceof ConnectError ? error : internal(error);
}
