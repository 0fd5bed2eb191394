import type { OutgoingHttpHeaders } from "node:http";
import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import type { Readable } from "node:stream";
import { type Exchange, waitForDrain } from "./exchange.ts";
import { drainBody, SKIP_MAX_BYTES } from "./request-body.ts";

/** An exchange over HTTP/2, on the stream itself: Node's compatibility layer would cost a request and a response object a call. */
export class Http2Exchange implements Exchange {
  readonly httpVersion = "2.0";
  readonly method: string;
  readonly target: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly #stream: ServerHttp2Stream;
  #trailers: OutgoingHttpHeaders | undefined;
  #company: OutgoingHttpHeaders | undefined;
  #ended = false;
  #refusesRest = false;
  #aborted = false;
  #onGone: (() => void)[] | undefined;
  #onClosed: (() => void) | undefined;

  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders) {
    this.#stream = stream;
    this.headers = headers;
    this.method = headers[":method"] ?? "";
    this.target = headers[":path"] ?? "";
    const query = this.target.indexOf("?");
    this.path = query < 0 ? this.target : this.target.slice(0, query);
    stream.on("error", ignore);
    stream.once("close", () => {
      this.#onClosed?.();
      if (this.#onGone && !(this.#ended && stream.writableFinished)) {
        for (const listener of this.#onGone) {
          listener();
        }
      }
    });
  }

  get scheme(): "http" | "https" {
    return this.headers[":scheme"] === "https" ? "https" : "http";
  }

  get authority(): string | undefined {
    return this.headers[":authority"] ?? this.headers.host;
  }

  get body(): Readable {
    return this.#stream;
  }

  get connection(): object {
    return this.#stream.session ?? this;
  }

  get gone(): boolean {
    return this.#ended || this.#aborted || this.#stream.destroyed || this.#stream.closed;
  }

  get answered(): boolean {
    return this.#stream.headersSent;
  }

  onGone(listener: () => void): void {
    if (this.#onGone) {
      this.#onGone.push(listener);
    } else {
      this.#onGone = [listener];
    }
  }

  onClosed(listener: () => void): void {
    this.#onClosed = listener;
    if (this.#stream.closed && this.#stream.destroyed) {
      listener();
    }
  }

  accompany(headers: OutgoingHttpHeaders): void {
    this.#company = headers;
  }

  head(status: number, headers: OutgoingHttpHeaders): void {
    if (this.gone || this.answered) {
      return;
    }
    this.#stream.respond({ ":status": status, ...headers, ...this.#company }, { waitForTrailers: true });
    this.#stream.once("wantTrailers", () => this.#sendTrailers(this.#trailers ?? {}));
  }

  write(chunk: Uint8Array): boolean {
    return this.gone || !this.#stream.writable || this.#stream.write(chunk);
  }

  drained(stallMs: number): Promise<void> {
    return waitForDrain(this.#stream, stallMs);
  }

  end(trailers?: OutgoingHttpHeaders): void {
    if (this.gone) {
      return;
    }
    this.#trailers = trailers;
    this.#ended = true;
    this.#stream.end();
    this.#discardRest();
  }

  answer(status: number, headers: OutgoingHttpHeaders, body?: Uint8Array, trailers?: OutgoingHttpHeaders): void {
    if (this.gone || this.answered) {
      return;
    }
    headers[":status"] = status;
    if (this.#company) {
      Object.assign(headers, this.#company);
    }
    if (!body || body.byteLength === 0 || this.method === "HEAD") {
      this.#stream.respond({ ...headers, ...trailers }, { endStream: true });
    } else if (trailers) {
      this.#stream.respond(headers, { waitForTrailers: true });
      this.#stream.once("wantTrailers", () => this.#sendTrailers(trailers));
      this.#stream.end(body);
    } else {
      this.#stream.respond(headers);
      this.#stream.end(body);
    }
    // Only now: where a header cannot be sent, something else must be.
    this.#ended = true;
    this.#discardRest();
  }

  refuseRest(): void {
    this.#refusesRest = true;
  }

  /** Thrown in an event's listener, an error would end the process: trailers that cannot be sent end the stream. */
  #sendTrailers(trailers: OutgoingHttpHeaders): void {
    try {
      this.#stream.sendTrailers(trailers);
    } catch {
      this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    }
  }

  /** Not at once: a reset overtakes trailers that are still to be sent. */
  #discardRest(): void {
    if (this.#refusesRest) {
      drainBody(this.#stream, SKIP_MAX_BYTES).then((complete) => complete || this.#reset(constants.NGHTTP2_NO_ERROR));
    }
  }

  abort(): void {
    this.#aborted = true;
    this.#reset(constants.NGHTTP2_CANCEL);
  }

  turnAway(): void {
    this.#aborted = true;
    this.#reset(constants.NGHTTP2_REFUSED_STREAM);
  }

  /** In a later turn: Node ends the process where a stream that owes trailers is reset before its head has left. */
  #reset(code: number): void {
    setImmediate(() => this.#stream.close(code));
  }
}

function ignore(): void {}
