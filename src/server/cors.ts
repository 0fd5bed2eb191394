import type { OutgoingHttpHeaders } from "node:http";
import type { Exchange } from "./exchange.ts";

const METHODS = "GET, HEAD, POST, PATCH, DELETE, OPTIONS";
/** What pages may send: credentials and names of ours, and what the three RPC protocols need. */
const REQUEST_HEADERS = [
  "authorization",
  "cairn-agent",
  "content-type",
  "x-request-id",
  "connect-protocol-version",
  "connect-timeout-ms",
  "connect-accept-encoding",
  "connect-content-encoding",
  "grpc-timeout",
  "grpc-accept-encoding",
  "grpc-encoding",
  "x-grpc-web",
  "x-user-agent",
].join(", ");
const RESPONSE_HEADERS = "x-request-id, grpc-status, grpc-message, grpc-status-details-bin, www-authenticate";
const PREFLIGHT_SECONDS = "7200";

/** Lets the pages of some origins call; without an origin nothing is said of CORS, and browsers refuse. */
export class Cors {
  readonly #origins: ReadonlySet<string>;

  /** Origins such as `https://app.example.com`; `*` is every origin. */
  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins);
  }

  /** Gives the response its CORS headers; true where the request was a preflight and has its answer. */
  handle(exchange: Exchange): boolean {
    const { origin } = exchange.headers;
    if (origin === undefined || this.#origins.size === 0) {
      return false;
    }
    const allowed = this.#origins.has("*") || this.#origins.has(origin);
    if (allowed) {
      exchange.accompany({
        "access-control-allow-origin": origin,
        "access-control-expose-headers": RESPONSE_HEADERS,
        vary: "origin",
      });
    }
    if (exchange.method !== "OPTIONS" || exchange.headers["access-control-request-method"] === undefined) {
      return false;
    }
    exchange.answer(204, allowed ? preflightHeaders() : {});
    return true;
  }
}

function preflightHeaders(): OutgoingHttpHeaders {
  return {
    "access-control-allow-methods": METHODS,
    "access-control-allow-headers": REQUEST_HEADERS,
    "access-control-max-age": PREFLIGHT_SECONDS,
  };
}
