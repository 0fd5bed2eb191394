const HEADER_BYTES = 5;

/** One gRPC message: a flag that says uncompressed, the length, the bytes. */
export function frame(message: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + message.byteLength);
  new DataView(bytes.buffer).setUint32(1, message.byteLength);
  bytes.set(message, HEADER_BYTES);
  return bytes;
}

/** The messages of a response body. */
export function unframe(body: Uint8Array): Uint8Array[] {
  const messages: Uint8Array[] = [];
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  for (let at = 0; at < body.byteLength; ) {
    const length = view.getUint32(at + 1);
    messages.push(body.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length));
    at += HEADER_BYTES + length;
  }
  return messages;
}
