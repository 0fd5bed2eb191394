import type { Readable } from "node:stream";
import type { ConnectError } from "@connectrpc/connect";
import type { Exchange } from "./exchange.ts";

const DRAIN_MAX_BYTES = 4 << 20;
const DRAIN_MAX_MS = 1_000;

/**
 * Collects a whole request body. `onEnd` gets it, or an error: `tooLarge` as soon as more than `maxBytes` have come. A body
 * that breaks off calls neither: the exchange's `onGone` tells of it.
 */
export function collectBody(
  body: Readable,
  maxBytes: number,
  tooLarge: () => ConnectError,
  onEnd: (bytes: Uint8Array | undefined, error?: ConnectError) => void,
): void {
  let first: Buffer | undefined;
  let rest: Buffer[] | undefined;
  let size = 0;
  const onData = (chunk: Buffer) => {
    size += chunk.byteLength;
    if (size > maxBytes) {
      body.off("data", onData).off("end", onFinish).pause();
      onEnd(undefined, tooLarge());
    } else if (first === undefined) {
      first = chunk;
    } else if (rest === undefined) {
      rest = [first, chunk];
    } else {
      rest.push(chunk);
    }
  };
  const onFinish = () => onEnd(rest ? Buffer.concat(rest, size) : (first ?? new Uint8Array(0)));
  body.on("data", onData).on("end", onFinish);
}

/**
 * Reads on and throws away, so that a client in the middle of sending comes to read our answer instead of finding its
 * connection reset. Bounded: at most 4 MiB and a second. Resolves true where the body came to its end.
 */
export function drainBody(body: Readable): Promise<boolean> {
  if (body.readableEnded || body.destroyed) {
    return Promise.resolve(true);
  }
  return new Promise((resolve) => {
    let left = DRAIN_MAX_BYTES;
    const settle = (complete: boolean) => {
      clearTimeout(timer);
      body.off("data", onData).off("end", onEnd).off("close", onEnd);
      resolve(complete);
    };
    const onEnd = () => settle(true);
    const onData = (chunk: Buffer) => {
      left -= chunk.byteLength;
      if (left < 0) {
        body.pause();
        settle(false);
      }
    };
    const timer = setTimeout(() => settle(false), DRAIN_MAX_MS);
    body.removeAllListeners("readable");
    body.on("data", onData).once("end", onEnd).once("close", onEnd).resume();
  });
}

/** Drains what is left of a request before its answer, and gives up on what is too much. */
export async function finishRequest(exchange: Exchange): Promise<void> {
  if (!(await drainBody(exchange.body))) {
    exchange.refuseRest();
  }
}

/**
 * A request body as an iterable of chunks that can be failed from outside: by a timeout, a limit, an abort. It never destroys
 * the stream below, which would take the response with it.
 */
export class BodyChunks implements AsyncIterable<Uint8Array> {
  readonly #body: Readable;
  readonly #maxBytes: number;
  readonly #tooLarge: () => ConnectError;
  #received = 0;
  #failure: Error | undefined;
  #ended = false;
  #wake: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(body: Readable, maxBytes: number, tooLarge: () => ConnectError) {
    this.#body = body;
    this.#maxBytes = maxBytes;
    this.#tooLarge = tooLarge;
    const wake = () => this.#wake?.();
    body.on("readable", wake);
    body.on("end", () => {
      this.#ended = true;
      clearTimeout(this.#timer);
      wake();
    });
    body.on("close", () => {
      clearTimeout(this.#timer);
      wake();
    });
  }

  /** Fails the body unless it is complete after `ms`. */
  timeout(ms: number, error: () => ConnectError): void {
    if (!this.#ended) {
      this.#timer = setTimeout(() => this.fail(error()), ms);
    }
  }

  fail(error: Error): void {
    clearTimeout(this.#timer);
    this.#failure ??= error;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (this.#failure) {
        throw this.#failure;
      }
      const chunk = this.#body.read() as Buffer | null;
      if (chunk !== null) {
        this.#received += chunk.byteLength;
        if (this.#received > this.#maxBytes) {
          throw this.#tooLarge();
        }
        yield chunk;
      } else if (this.#ended || this.#body.destroyed || this.#body.readableEnded) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = undefined;
      }
    }
  }
}
