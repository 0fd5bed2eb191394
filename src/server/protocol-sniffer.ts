import type { Socket } from "node:net";

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/**
 * Reads the first bytes of connections and says whether HTTP/2 speaks. The bytes are held here and put back once: putting them
 * back while undecided makes the socket readable at once, and a client that sent a single `P` would keep a core busy.
 */
export class ProtocolSniffer {
  readonly #timeoutMs: number;
  readonly #undecided = new Set<Socket>();

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  sniff(socket: Socket, decide: (socket: Socket, http2: boolean) => void): void {
    let held: Buffer | undefined;
    const timer = setTimeout(() => socket.destroy(), this.#timeoutMs);
    const stop = () => {
      clearTimeout(timer);
      socket.off("readable", onReadable).off("error", stop).off("close", stop).off("end", onEnd);
      this.#undecided.delete(socket);
    };
    const onEnd = () => socket.destroy();
    const onReadable = () => {
      const chunk = socket.read() as Buffer | null;
      if (chunk === null) {
        return;
      }
      held = held ? Buffer.concat([held, chunk]) : chunk;
      const length = Math.min(held.length, PREFACE.length);
      const http2 = held.compare(PREFACE, 0, length, 0, length) === 0;
      if (!http2 || length === PREFACE.length) {
        stop();
        socket.unshift(held);
        decide(socket, http2);
      }
    };
    this.#undecided.add(socket);
    // The error listener stays silent: the close that follows an error is enough.
    socket.on("readable", onReadable).on("error", stop).on("close", stop).on("end", onEnd);
  }

  /** Closes the connections that have not said what they speak. */
  closeUndecided(): void {
    for (const socket of this.#undecided) {
      socket.destroy();
    }
  }
}
