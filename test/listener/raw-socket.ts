import { connect, type Socket } from "node:net";

/** A TCP connection that a test writes bytes to and reads text from. */
export class RawSocket {
  readonly socket: Socket;
  text = "";
  /** Milliseconds since 1970 at which the server closed it; undefined: still open. */
  closedAt: number | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => {
      this.text += chunk.toString("latin1");
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      this.closedAt = Date.now();
    });
  }

  static async open(port: number): Promise<RawSocket> {
    const socket = connect(port, "127.0.0.1");
    await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    return new RawSocket(socket);
  }

  async writeSlowly(bytes: Buffer, gapMs = 1): Promise<void> {
    for (const byte of bytes) {
      this.socket.write(Buffer.of(byte));
      await new Promise((resolve) => setTimeout(resolve, gapMs));
    }
  }

  /** Waits until `pattern` has come. */
  read(pattern: RegExp): Promise<string> {
    return until(() => (pattern.test(this.text) ? this.text : undefined), `${pattern} in the answer`);
  }

  closed(): Promise<number> {
    return until(() => this.closedAt, "the connection to close");
  }
}

/** Polls until `probe` gives something; fails after 10 s. */
export async function until<T>(probe: () => T | undefined | false, what: string, timeoutMs = 10_000): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const found = probe();
    if (found !== undefined && found !== false) {
      return found;
    }
    if (Date.now() > end) {
      throw new Error(`waited ${timeoutMs} ms for ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
