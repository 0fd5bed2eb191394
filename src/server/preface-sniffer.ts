import type { Socket } from "node:net";

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

/** What a connection speaks, by its first bytes. */
export type Dialect = "http1" | "http2";

/**
 * Reads the first bytes of a connection and hands it over, with those bytes put back, once they tell HTTP/1 from HTTP/2. A
 * client that leaves it open for `timeoutMs`, or ends before, is disconnected.
 */
export function sniffPreface(socket: Socket, timeoutMs: number, handOver: (dialect: Dialect) => void): void {
  // The bytes are held and unshifted once: unshifting while undecided makes `readable` fire again at once, for ever.
  const held: Buffer[] = [];
  let size = 0;
  const stop = () => {
    clearTimeout(timer);
    socket.off("readable", onReadable).off("end", drop).off("error", drop).off("close", stop);
  };
  const drop = () => {
    stop();
    socket.destroy();
  };
  const onReadable = () => {
    for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read() as Buffer | null) {
      held.push(chunk);
      size += chunk.byteLength;
    }
    if (size === 0) {
      return;
    }
    const bytes = held.length === 1 ? held[0]! : Buffer.concat(held, size);
    const dialect = dialectOf(bytes);
    if (dialect !== undefined) {
      stop();
      socket.unshift(bytes);
      handOver(dialect);
    }
  };
  const timer = setTimeout(drop, timeoutMs);
  socket.on("readable", onReadable).on("end", drop).on("error", drop).on("close", stop);
}

function dialectOf(bytes: Buffer): Dialect | undefined {
  const length = Math.min(bytes.byteLength, PREFACE.byteLength);
  if (bytes.compare(PREFACE, 0, length, 0, length) !== 0) {
    return "http1";
  }
  return length === PREFACE.byteLength ? "http2" : undefined;
}
