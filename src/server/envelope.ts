import { Code, ConnectError } from "@connectrpc/connect";
import { inflate, knowsEncoding } from "./compression.ts";
import type { Rejections } from "./rejection.ts";

/** Bytes before each message: flags and length. */
export const ENVELOPE_BYTES = 5;
const COMPRESSED = 1;

/** One message in its envelope. */
export function envelope(flags: number, message: Uint8Array): Uint8Array {
  const out = Buffer.allocUnsafe(ENVELOPE_BYTES + message.byteLength);
  out[0] = flags;
  out.writeUInt32BE(message.byteLength, 1);
  out.set(message, ENVELOPE_BYTES);
  return out;
}

/** The single message of a unary request body. None and several are UNIMPLEMENTED, as gRPC wants it. */
export function singleMessage(
  body: Uint8Array,
  encoding: string | undefined,
  maxBytes: number,
  rejections: Rejections,
): Uint8Array | Promise<Uint8Array> {
  if (body.byteLength === 0) {
    throw new ConnectError("the request has no message", Code.Unimplemented);
  }
  if (body.byteLength < ENVELOPE_BYTES) {
    throw rejections.malformed("the request ends within its envelope");
  }
  const length = Buffer.from(body.buffer, body.byteOffset, body.byteLength).readUInt32BE(1);
  if (length > maxBytes) {
    throw rejections.tooLarge(maxBytes);
  }
  if (body.byteLength < ENVELOPE_BYTES + length) {
    throw rejections.malformed("the request ends within its message");
  }
  if (body.byteLength > ENVELOPE_BYTES + length) {
    throw new ConnectError("the request has more than one message", Code.Unimplemented);
  }
  const message = body.subarray(ENVELOPE_BYTES);
  const flags = body[0]!;
  if ((flags & ~COMPRESSED) !== 0) {
    throw rejections.malformed(`the envelope has unknown flags ${flags}`);
  }
  if (flags === 0) {
    return message;
  }
  if (encoding === undefined || encoding === "identity" || !knowsEncoding(encoding)) {
    throw new ConnectError("the message is compressed and no header says how", Code.Internal);
  }
  return inflate(encoding, message, maxBytes, rejections);
}
