import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { opened } from "./opened.ts";

/** How the first call ends: what of the answer is sent, then a reset of its stream, or its end, at once or a moment later. */
export interface Cut {
  readonly after: "nothing" | "headers" | "message";
  /** Of the reset; null: the stream ends as if nothing were missing. */
  readonly code: number | null;
  readonly delayMs: number;
}

const PREFACE_BYTES = 24;
const HEAD_BYTES = 9;
const [DATA, HEADERS, RST_STREAM, SETTINGS] = [0, 1, 3, 4] as const;
const [END_STREAM, ACK, END_HEADERS] = [1, 1, 4] as const;
const [OK, NOT_FOUND] = [Buffer.from([0x88]), Buffer.from([0x8d])];
/** Of every response type of ours: its first field, a message that is empty. */
const MESSAGE = Buffer.from([0x0a, 0]);

/**
 * Serves HTTP/2 frame by frame: Node's own server ends an answer properly before it resets the stream. The first call is cut off, any
 * further one answered as an unknown method.
 */
export async function serveCut(contentType: string, cut: Cut): Promise<{ readonly url: string; calls: number }> {
  const seen = { calls: 0, url: "" };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    readFrames(socket, (type, flags, stream) => {
      if (type === SETTINGS && !(flags & ACK)) socket.write(frame(SETTINGS, ACK, 0));
      if (type !== DATA || !(flags & END_STREAM)) return;
      if (++seen.calls > 1) return void socket.write(frame(HEADERS, END_STREAM | END_HEADERS, stream, NOT_FOUND));
      const { code } = cut;
      const end =
        code === null ? frame(DATA, END_STREAM, stream) : frame(RST_STREAM, 0, stream, Buffer.from([0, 0, 0, code]));
      const answer = Buffer.concat(answerTo(stream, contentType, cut.after));
      if (cut.delayMs === 0) return void socket.write(Buffer.concat([answer, end]));
      socket.write(answer);
      setTimeout(() => socket.write(end), cut.delayMs);
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

function answerTo(stream: number, contentType: string, after: Cut["after"]): readonly Buffer[] {
  if (after === "nothing") return [];
  const name = "content-type";
  const type = Buffer.from(
    `\0${String.fromCharCode(name.length)}${name}${String.fromCharCode(contentType.length)}${contentType}`,
  );
  const headers = frame(HEADERS, END_HEADERS, stream, Buffer.concat([OK, type]));
  if (after === "headers") return [headers];
  const isEnveloped = contentType !== "application/proto";
  const body = isEnveloped ? Buffer.concat([Buffer.from([0, 0, 0, 0, MESSAGE.length]), MESSAGE]) : MESSAGE;
  return [headers, frame(DATA, 0, stream, body)];
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

function frame(type: number, flags: number, stream: number, body = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUIntBE(body.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, body]);
}
