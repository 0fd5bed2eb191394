import { base64Decode } from "@bufbuild/protobuf/wire";
import { inflate, knowsEncoding } from "./compression.ts";
import type { Exchange } from "./exchange.ts";
import type { Rejections } from "./rejection.ts";
import { ConnectWire } from "./unary-connect.ts";
import type { RequestHeaders } from "./unary-wire.ts";

/** A Connect GET, whose message is in its query. */
class ConnectGetWire extends ConnectWire {
  readonly #query: URLSearchParams;

  constructor(query: URLSearchParams) {
    super(query.get("encoding") === "proto");
    this.#query = query;
  }

  override serves(): boolean {
    return knowsEncoding(this.#query.get("compression") ?? undefined);
  }

  override unwrap(
    _body: Uint8Array,
    _headers: RequestHeaders,
    maxBytes: number,
    rejections: Rejections,
  ): Uint8Array | Promise<Uint8Array> {
    const bytes = this.#bytes(rejections);
    if (bytes.byteLength > maxBytes) {
      throw rejections.tooLarge(maxBytes);
    }
    const compression = this.#query.get("compression") ?? "identity";
    return compression === "identity" ? bytes : inflate(compression, bytes, maxBytes, rejections);
  }

  #bytes(rejections: Rejections): Uint8Array {
    const message = this.#query.get("message") ?? "";
    if (this.#query.get("base64") !== "1") {
      return Buffer.from(message);
    }
    try {
      return base64Decode(message);
    } catch (error) {
      throw rejections.malformed("the query's message is no base64", error);
    }
  }
}

/** The wire of a Connect GET; undefined where the query is not that of one. */
export function connectGet(exchange: Exchange): ConnectWire | undefined {
  const query = new URLSearchParams(exchange.target.slice(exchange.path.length));
  const encoding = query.get("encoding");
  return encoding === "proto" || encoding === "json" ? new ConnectGetWire(query) : undefined;
}
