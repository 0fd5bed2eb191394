/** HTTP/2 frames written by hand, for what no client library would send. */

export const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
export const EMPTY_SETTINGS = frame(4, 0, 0, Buffer.alloc(0));

const END_STREAM = 1;
const END_HEADERS = 4;
const CANCEL = 8;

/** HEADERS of a call of MemoryService; its header block has literals only. */
export function headers(stream: number, method: string, contentType: string): Buffer {
  const literal = (name: string, value: string) =>
    Buffer.concat([Buffer.of(0, name.length), Buffer.from(name), Buffer.of(value.length), Buffer.from(value)]);
  const block = Buffer.concat([
    literal(":method", "POST"),
    literal(":scheme", "http"),
    literal(":path", `/cairn.v1.MemoryService/${method}`),
    literal(":authority", "x"),
    literal("content-type", contentType),
  ]);
  return frame(1, END_HEADERS, stream, block);
}

/** DATA that ends its stream. */
export function lastData(stream: number, body: Buffer): Buffer {
  return frame(0, END_STREAM, stream, body);
}

/** RST_STREAM, as a client sends it that cancels. */
export function reset(stream: number): Buffer {
  const code = Buffer.alloc(4);
  code.writeUInt32BE(CANCEL);
  return frame(3, 0, stream, code);
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}
