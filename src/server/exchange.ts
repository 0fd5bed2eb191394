import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";

/** One request and its response, alike over HTTP/1.1 and HTTP/2. Writing to a client that has gone is no error and does nothing. */
export interface Exchange {
  readonly httpVersion: string;
  readonly method: string;
  /** Path and query, as sent. */
  readonly target: string;
  /** The target without its query. */
  readonly path: string;
  readonly scheme: "http" | "https";
  /** The Host header or the :authority; undefined where the client sent neither. */
  readonly authority: string | undefined;
  /** Lower-case names; pseudo-headers may be among them. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
  /** What it came by: the same object for all exchanges of one connection. */
  readonly connection: object;
  /** True once nothing that is written can arrive. */
  readonly gone: boolean;
  /** True once the head of the response is out. */
  readonly answered: boolean;
  /** Calls `listener` once if the client goes away before the response is complete. */
  onGone(listener: () => void): void;
  /** Calls `listener` once when the exchange is over, however it ends; at most one listener. */
  onClosed(listener: () => void): void;
  /** Headers that the response carries besides its own; call it before its head. */
  accompany(headers: OutgoingHttpHeaders): void;
  head(status: number, headers: OutgoingHttpHeaders): void;
  /** Returns false where the caller should wait for `drained`. */
  write(chunk: Uint8Array): boolean;
  /** Settles when the client has taken what was written, or has gone; rejects after `stallMs` without either. */
  drained(stallMs: number): Promise<void>;
  /** Ends the response; the trailers go out on HTTP/2 and in chunked HTTP/1.1 responses. */
  end(trailers?: OutgoingHttpHeaders): void;
  /** The whole response at once. */
  answer(status: number, headers: OutgoingHttpHeaders, body?: Uint8Array, trailers?: OutgoingHttpHeaders): void;
  /** Gives up on the rest of the request; call it before the head of the response. */
  refuseRest(): void;
  /** Closes without an answer: resets the stream, or closes the connection. */
  abort(): void;
  /** Says, as cheaply as can be, that there is no room and that nothing was done: the client may send it again. */
  turnAway(): void;
}

/** What `drained` rejects with. */
export class StalledReader extends Error {
  constructor(stallMs: number) {
    super(`the reader accepted nothing for ${stallMs} ms`);
    this.name = "StalledReader";
  }
}

/** Waits for `drain` or `close` of a response stream, or rejects after `stallMs`. */
export function waitForDrain(stream: NodeJS.EventEmitter, stallMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error) => {
      clearTimeout(timer);
      stream.off("drain", done).off("close", done);
      error ? reject(error) : resolve();
    };
    const done = () => settle();
    const timer = setTimeout(() => settle(new StalledReader(stallMs)), stallMs);
    stream.once("drain", done).once("close", done);
  });
}
