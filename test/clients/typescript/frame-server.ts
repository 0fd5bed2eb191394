import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { opened } from "./opened.ts";

/** Types of frames. */
export const [DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY] = [0, 1, 3, 4, 7] as const;
/** Flags of frames. */
export const [END_STREAM, END_HEADERS] = [1, 4] as const;
const ACK = 1;
const PREFACE_BYTES = 24;
const HEAD_BYTES = 9;
/** Status 404, as the compression of headers has it. */
const NOT_FOUND = Buffer.from([0x8d]);

/**
 * Serves HTTP/2 frame by frame, as Node's own server never would; `answer` is handed each call that is whole, numbered from 1, and says
 * which bytes come back.
 */
export async function serveFrames(
  answer: (stream: number, call: number, socket: Socket) => Buffer,
): Promise<{ readonly url: string; readonly calls: number }> {
  const seen = { calls: 0, url: "" };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    readFrames(socket, (type, flags, stream) => {
      if (type === SETTINGS && !(flags & ACK)) socket.write(frame(SETTINGS, ACK, 0));
      if (type === DATA && flags & END_STREAM) socket.write(answer(stream, ++seen.calls, socket));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  opened.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  });
  seen.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return seen;
}

/** The answer to a call of a method that the server does not know. */
export function unknownMethod(stream: number): Buffer {
  return frame(HEADERS, END_STREAM | END_HEADERS, stream, NOT_FOUND);
}

export function frame(type: number, flags: number, stream: number, body = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUIntBE(body.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, body]);
}

function readFrames(socket: Socket, onFrame: (type: number, flags: number, stream: number) => void): void {
  let bytes = Buffer.alloc(0);
  let isPrefaced = false;
  socket.on("data", (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    if (!isPrefaced) {
      if (bytes.length < PREFACE_BYTES) return;
      isPrefaced = true;
      bytes = bytes.subarray(PREFACE_BYTES);
      socket.write(frame(SETTINGS, 0, 0));
    }
    while (bytes.length >= HEAD_BYTES && bytes.length >= HEAD_BYTES + bytes.readUIntBE(0, 3)) {
      const whole = bytes.subarray(0, HEAD_BYTES + bytes.readUIntBE(0, 3));
      bytes = bytes.subarray(whole.length);
      onFrame(whole.readUInt8(3), whole.readUInt8(4), whole.readUInt32BE(5));
    }
  });
}
