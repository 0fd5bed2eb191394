import type { IncomingHttpHeaders } from "node:http";
import type { ConnectError } from "@connectrpc/connect";
import type { Compression } from "@connectrpc/connect/protocol";
import type { Exchange } from "./exchange.ts";
import type { Rejections } from "./rejection.ts";
import type { BodySize } from "./request-body.ts";

/** The request headers of an exchange. */
export type RequestHeaders = IncomingHttpHeaders;

/** The answer of a unary call, serialized. */
export interface UnaryAnswer {
  readonly bytes: Uint8Array;
  /** What `bytes` is compressed with already; undefined: nothing. */
  readonly compression: Compression | undefined;
  readonly header: Headers;
  readonly trailer: Headers;
}

/** How one protocol frames a unary call. Stateless. */
export interface UnaryWire {
  readonly binary: boolean;
  /** True where this wire can serve a request with such headers; otherwise Connect's own handler does. */
  serves(exchange: Exchange): boolean;
  /** The timeout that the caller asks for, in milliseconds; undefined: none. Throws where the header is malformed. */
  timeoutMs(headers: RequestHeaders): number | undefined;
  /** What a request body may hold whose message has at most `maxBytes`. */
  sizeOf(headers: RequestHeaders, maxBytes: number): BodySize;
  /** The message in a request body, decompressed. Throws, or rejects, where it is over `maxBytes` or not one message. */
  unwrap(
    body: Uint8Array,
    headers: RequestHeaders,
    maxBytes: number,
    rejections: Rejections,
  ): Uint8Array | Promise<Uint8Array>;
  /** The compression that the caller can read; undefined: none. */
  accepts(headers: RequestHeaders): Compression | undefined;
  answer(exchange: Exchange, answer: UnaryAnswer): void;
  refuse(exchange: Exchange, error: ConnectError): void;
}

/** Copies metadata to what Node sends, each name behind `prefix`. */
export function copyMetadata(from: Headers, to: Record<string, string | string[]>, prefix = ""): void {
  from.forEach((value, key) => {
    const name = prefix + key;
    const before = to[name];
    to[name] = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value];
  });
}
