import type { ConnectError } from "@connectrpc/connect";
import type { Compression } from "@connectrpc/connect/protocol";
import { parseTimeout } from "@connectrpc/connect/protocol-grpc";
import { acceptedCompression, knowsEncoding } from "./compression.ts";
import { ENVELOPE_BYTES, envelope, singleMessage } from "./envelope.ts";
import type { Exchange } from "./exchange.ts";
import { grpcStatus } from "./grpc-status.ts";
import type { Rejections } from "./rejection.ts";
import type { BodySize } from "./request-body.ts";
import { copyMetadata, type RequestHeaders, type UnaryAnswer, type UnaryWire } from "./unary-wire.ts";

type Metadata = Record<string, string | string[]>;

/** What gRPC and gRPC-Web have in common. */
abstract class EnvelopedWire implements UnaryWire {
  readonly binary = true;

  serves(exchange: Exchange): boolean {
    return knowsEncoding(encodingOf(exchange.headers));
  }

  timeoutMs(headers: RequestHeaders): number | undefined {
    const value = headers["grpc-timeout"];
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
    const encoding = encodingOf(headers);
    return {
      maxBytes: maxBytes + ENVELOPE_BYTES,
      inflatedBytes: encoding === undefined || encoding === "identity" ? 0 : maxBytes,
    };
  }

  unwrap(
    body: Uint8Array,
    headers: RequestHeaders,
    maxBytes: number,
    rejections: Rejections,
  ): Uint8Array | Promise<Uint8Array> {
    return singleMessage(body, encodingOf(headers), maxBytes, rejections);
  }

  accepts(headers: RequestHeaders): Compression | undefined {
    return acceptedCompression(headers["grpc-accept-encoding"]);
  }

  abstract answer(exchange: Exchange, answer: UnaryAnswer): void;
  abstract refuse(exchange: Exchange, error: ConnectError): void;
}

class GrpcWire extends EnvelopedWire {
  override serves(exchange: Exchange): boolean {
    // Over HTTP/1.1 gRPC is an oddity that Connect's handlers know.
    return exchange.httpVersion === "2.0" && super.serves(exchange);
  }

  answer(exchange: Exchange, { bytes, compression, header, trailer }: UnaryAnswer): void {
    const head: Metadata = { "content-type": "application/grpc+proto" };
    if (compression) {
      head["grpc-encoding"] = compression.name;
    }
    copyMetadata(header, head);
    const trailers: Metadata = { "grpc-status": "0" };
    copyMetadata(trailer, trailers);
    exchange.answer(200, head, envelope(compression ? 1 : 0, bytes), trailers);
  }

  refuse(exchange: Exchange, error: ConnectError): void {
    const head: Metadata = { "content-type": "application/grpc+proto" };
    copyMetadata(grpcStatus(error), head);
    exchange.answer(200, head);
  }
}

const TRAILER_FLAG = 0x80;

class GrpcWebWire extends EnvelopedWire {
  answer(exchange: Exchange, { bytes, compression, header, trailer }: UnaryAnswer): void {
    const head: Metadata = { "content-type": "application/grpc-web+proto" };
    if (compression) {
      head["grpc-encoding"] = compression.name;
    }
    copyMetadata(header, head);
    trailer.set("grpc-status", "0");
    exchange.answer(200, head, Buffer.concat([envelope(compression ? 1 : 0, bytes), trailerFrame(trailer)]));
  }

  refuse(exchange: Exchange, error: ConnectError): void {
    const head: Metadata = { "content-type": "application/grpc-web+proto" };
    exchange.answer(200, head, trailerFrame(grpcStatus(error)));
  }
}

function trailerFrame(trailer: Headers): Uint8Array {
  let text = "";
  trailer.forEach((value, name) => {
    text += `${name}: ${value}\r\n`;
  });
  return envelope(TRAILER_FLAG, Buffer.from(text));
}

function encodingOf(headers: RequestHeaders): string | undefined {
  const encoding = headers["grpc-encoding"];
  return encoding === undefined ? undefined : String(encoding);
}

export const grpcWire: UnaryWire = new GrpcWire();
export const grpcWebWire: UnaryWire = new GrpcWebWire();
