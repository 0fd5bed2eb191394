import type { ConnectError } from "@connectrpc/connect";
import type { Exchange } from "./exchange.ts";
import type { Rejections } from "./rejection.ts";

/** What fits a Node timer: some 24 days. */
export const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** Unary calls may finish while the server shuts down; streams are told to end. */
export type CallKind = "unary" | "stream";

/** One running call: its abort signal, and the timer behind it. */
export class Call {
  readonly #controller = new AbortController();
  readonly #calls: Calls;
  #kind: CallKind;
  #timer: NodeJS.Timeout | undefined;
  #onAbort: ((reason: ConnectError) => void) | undefined;

  constructor(calls: Calls, kind: CallKind) {
    this.#calls = calls;
    this.#kind = kind;
  }

  get kind(): CallKind {
    return this.#kind;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Aborts the call after `timeoutMs`; replaces an earlier deadline. */
  deadline(timeoutMs: number): void {
    clearTimeout(this.#timer);
    // A longer timer would fire at once.
    const timerMs = Math.min(timeoutMs, LONGEST_TIMEOUT_MS);
    this.#timer = setTimeout(() => {
      this.abort(this.#calls.rejections.make("DEADLINE_EXCEEDED", `the call took longer than its ${timeoutMs} ms`));
    }, timerMs);
  }

  /** Calls `listener` when the call is aborted before it finishes; one listener, cheaper than one on the signal. */
  onAbort(listener: (reason: ConnectError) => void): void {
    this.#onAbort = listener;
  }

  /** From here on a shutdown ends the call. */
  becomeStream(): void {
    this.#kind = "stream";
    if (this.#calls.closing) {
      this.abort(this.#calls.shuttingDown());
    }
  }

  abort(reason: ConnectError): void {
    if (!this.signal.aborted && this.#calls.has(this)) {
      this.#controller.abort(reason);
      this.#onAbort?.(reason);
    }
  }

  /** Frees the timer. The signal is left alone: nothing is cancelled by a call that has ended. */
  finish(): void {
    clearTimeout(this.#timer);
    this.#onAbort = undefined;
    this.#calls.remove(this);
  }
}

/** How many calls run. */
export interface CallCounts {
  readonly unary: number;
  readonly streams: number;
}

/** All running calls of a listener. */
export class Calls {
  readonly rejections: Rejections;
  readonly #running = new Set<Call>();
  #closing = false;

  constructor(rejections: Rejections) {
    this.rejections = rejections;
  }

  get closing(): boolean {
    return this.#closing;
  }

  /** Before any call is ended: from here on one is the last of its HTTP/1.1 connection, and a stream ends as it begins. */
  beginClosing(): void {
    this.#closing = true;
  }

  get size(): number {
    return this.#running.size;
  }

  counts(): CallCounts {
    let streams = 0;
    for (const call of this.#running) {
      streams += call.kind === "stream" ? 1 : 0;
    }
    return { unary: this.#running.size - streams, streams };
  }

  /** Opens a call that is cancelled when its client goes away. */
  open(exchange: Exchange, kind: CallKind): Call {
    const call = new Call(this, kind);
    this.#running.add(call);
    exchange.onGone(() => call.abort(this.rejections.make("CANCELLED", "the client cancelled the call")));
    if (this.#closing && kind === "stream") {
      call.abort(this.shuttingDown());
    }
    return call;
  }

  has(call: Call): boolean {
    return this.#running.has(call);
  }

  remove(call: Call): void {
    this.#running.delete(call);
  }

  shuttingDown(): ConnectError {
    return this.rejections.make("SHUTTING_DOWN", "the server is shutting down");
  }

  /** Ends the running streams. */
  endStreams(): void {
    this.#abort((call) => call.kind === "stream");
  }

  /** Ends whatever still runs. */
  endAll(): void {
    this.#abort(() => true);
  }

  #abort(chosen: (call: Call) => boolean): void {
    for (const call of [...this.#running]) {
      if (chosen(call)) {
        call.abort(this.shuttingDown());
      }
    }
  }
}
