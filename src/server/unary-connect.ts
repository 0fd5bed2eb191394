import type { ConnectError } from "@connectrpc/connect";
import { type Compression, mergeNonProtocolHeaders } from "@connectrpc/connect/protocol";
import { codeToHttpStatus, errorToJsonBytes, parseTimeout } from "@connectrpc/connect/protocol-connect";
import { acceptedCompression, inflate, knowsEncoding } from "./compression.ts";
import type { Exchange } from "./exchange.ts";
import type { Rejections } from "./rejection.ts";
import type { BodySize } from "./request-body.ts";
import { copyMetadata, type RequestHeaders, type UnaryAnswer, type UnaryWire } from "./unary-wire.ts";

/** Connect's unary protocol: the body is the message, trailers are headers with a prefix. */
export class ConnectWire implements UnaryWire {
  readonly binary: boolean;
  readonly #contentType: string;

  constructor(binary: boolean) {
    this.binary = binary;
    this.#contentType = binary ? "application/proto" : "application/json";
  }

  serves(exchange: Exchange): boolean {
    return knowsEncoding(exchange.headers["content-encoding"]);
  }

  timeoutMs(headers: RequestHeaders): number | undefined {
    const value = headers["connect-timeout-ms"];
    if (value === undefined) {
      return undefined;
    }
    const timeout = parseTimeout(String(value), Number.MAX_SAFE_INTEGER);
    if (timeout.error) {
      throw timeout.error;
    }
    return timeout.timeoutMs;
  }

  sizeOf(headers: RequestHeaders, maxBytes: number): BodySize {
    const encoding = headers["content-encoding"];
    return {
      maxBytes,
      inflatedBytes: encoding === undefined || encoding === "identity" ? 0 : maxBytes,
    };
  }

  unwrap(
    body: Uint8Array,
    headers: RequestHeaders,
    maxBytes: number,
    rejections: Rejections,
  ): Uint8Array | Promise<Uint8Array> {
    const encoding = headers["content-encoding"];
    return encoding === undefined || encoding === "identity" ? body : inflate(encoding, body, maxBytes, rejections);
  }

  accepts(headers: RequestHeaders): Compression | undefined {
    return acceptedCompression(headers["accept-encoding"]);
  }

  answer(exchange: Exchange, { bytes, compression, header, trailer }: UnaryAnswer): void {
    const head: Record<string, string | string[]> = { "content-type": this.#contentType };
    if (compression) {
      head["content-encoding"] = compression.name;
    }
    copyMetadata(header, head);
    copyMetadata(trailer, head, "trailer-");
    exchange.answer(200, head, bytes);
  }

  refuse(exchange: Exchange, error: ConnectError): void {
    const metadata = new Headers();
    if (!error.isWireError) {
      mergeNonProtocolHeaders(metadata, error.metadata);
    }
    const head: Record<string, string | string[]> = { "content-type": "application/json" };
    copyMetadata(metadata, head);
    exchange.answer(codeToHttpStatus(error.code), head, errorToJsonBytes(error, undefined));
  }
}
