import type { Readable } from "node:stream";
import type { ConnectError } from "@connectrpc/connect";
import type { BodyShare } from "./body-budget.ts";
import type { Exchange } from "./exchange.ts";

const DRAIN_MAX_BYTES = 4 << 20;
/** Of a body that nobody wants: enough for the answer to find its reader, and little that strangers make us read. */
export const SKIP_MAX_BYTES = 512 << 10;
const DRAIN_MAX_MS = 1_000;

/** True where what comes is smaller than what it becomes. */
export function isCompressed({ headers }: Exchange): boolean {
  const encoding = headers["grpc-encoding"] ?? headers["connect-content-encoding"] ?? headers["content-encoding"];
  return encoding !== undefined && encoding !== "identity";
}

/** How much of a body may be collected. */
export interface BodySize {
  readonly maxBytes: number;
  /** Bytes that it may become besides, where it is compressed; else 0. */
  readonly inflatedBytes: number;
}

/**
 * Collects a whole request body within its share of the process's memory. `onEnd` gets it, or an error: `tooLarge` as soon as more
 * than `maxBytes` have come, the share's own where there is no room in time. A body that breaks off calls neither: the exchange's
 * `onGone` tells of it.
 */
export function collectBody(
  body: Readable,
  { maxBytes, inflatedBytes }: BodySize,
  share: BodyShare,
  tooLarge: () => ConnectError,
  onEnd: (bytes: Uint8Array | undefined, error?: ConnectError) => void,
): void {
  let first: Buffer | undefined;
  let rest: Buffer[] | undefined;
  let size = 0;
  let waits = false;
  let ended = false;
  const stop = (error: ConnectError) => {
    body.off("data", onData).off("end", onFinish).pause();
    onEnd(undefined, error);
  };
  const onData = (chunk: Buffer) => {
    size += chunk.byteLength;
    if (first === undefined) {
      first = chunk;
    } else if (rest === undefined) {
      rest = [first, chunk];
    } else {
      rest.push(chunk);
    }
    if (size > maxBytes) {
      stop(tooLarge());
      return;
    }
    // What has come, not what is announced: room costs its bytes.
    const room = share.reach(inflatedBytes + size);
    if (room !== null) {
      waits = true;
      body.pause();
      room.then(goOn, stop);
    }
  };
  const goOn = () => {
    waits = false;
    ended ? onFinish() : body.resume();
  };
  const onFinish = () => {
    // A stream whose last chunk has been read ends, though it is paused.
    ended = true;
    if (!waits) {
      onEnd(rest ? Buffer.concat(rest, size) : (first ?? new Uint8Array(0)));
    }
  };
  body.on("data", onData).on("end", onFinish);
}

/**
 * Reads on and throws away, so that a client in the middle of sending comes to read our answer instead of finding its
 * connection reset. Bounded: at most `maxBytes`, by default 4 MiB, and a second. Resolves true where the body came to its end.
 */
export function drainBody(body: Readable, maxBytes = DRAIN_MAX_BYTES): Promise<boolean> {
  if (body.readableEnded || body.destroyed) {
    return Promise.resolve(true);
  }
  return new Promise((resolve) => {
    let left = maxBytes;
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

/**
 * Makes ready for the answer to a caller whose body is not read. Over HTTP/2 it goes out at once, and what still comes is thrown
 * away after it; over HTTP/1.1 a client often reads only when it has sent all.
 */
export async function skipRequest(exchange: Exchange): Promise<void> {
  if (exchange.httpVersion === "2.0") {
    exchange.refuseRest();
  } else {
    await finishRequest(exchange, SKIP_MAX_BYTES);
  }
}

/** Drains what is left of a request before its answer, and gives up on what is too much. */
export async function finishRequest(exchange: Exchange, maxBytes = DRAIN_MAX_BYTES): Promise<void> {
  if (!(await drainBody(exchange.body, maxBytes))) {
    exchange.refuseRest();
  }
}

/** How a body is read as chunks. */
export interface Reading {
  readonly maxBytes: number;
  readonly tooLarge: () => ConnectError;
  /** Where its bytes are counted. Default: nowhere. */
  readonly share?: BodyShare | undefined;
  /** Bytes that it may become besides, where it is compressed. Default 0. */
  readonly inflatedBytes?: number;
  /** Told when somebody begins to read. */
  readonly onRead?: () => void;
}

/**
 * A request body as an iterable of chunks that can be failed from outside: by a timeout, a limit, an abort. It never destroys
 * the stream below, which would take the response with it.
 */
export class BodyChunks implements AsyncIterable<Uint8Array> {
  readonly #body: Readable;
  readonly #reading: Reading;
  /** True once somebody reads. */
  begun = false;
  #received = 0;
  #failure: Error | undefined;
  #ended = false;
  #wake: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(body: Readable, reading: Reading) {
    this.#body = body;
    this.#reading = reading;
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
    const { maxBytes, tooLarge, share, inflatedBytes = 0, onRead } = this.#reading;
    this.begun = true;
    onRead?.();
    for (;;) {
      if (this.#failure) {
        throw this.#failure;
      }
      const chunk = this.#body.read() as Buffer | null;
      if (chunk !== null) {
        this.#received += chunk.byteLength;
        if (this.#received > maxBytes) {
          throw tooLarge();
        }
        await share?.reach(inflatedBytes + this.#received);
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
