import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { type Exchange, waitForDrain } from "./exchange.ts";

/** An exchange over HTTP/1.x. `closing` says that the connection must not be kept, as the server is shutting down. */
export class Http1Exchange implements Exchange {
  readonly httpVersion: string;
  readonly method: string;
  readonly target: string;
  readonly path: string;
  readonly scheme: "http" | "https";
  readonly authority: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #closing: () => boolean;
  #last = false;

  constructor(request: IncomingMessage, response: ServerResponse, closing: () => boolean) {
    this.httpVersion = request.httpVersion;
    this.method = request.method ?? "";
    this.target = originForm(request.url ?? "");
    const query = this.target.indexOf("?");
    this.path = query < 0 ? this.target : this.target.slice(0, query);
    this.scheme = "encrypted" in request.socket ? "https" : "http";
    this.authority = request.headers.host;
    this.headers = request.headers;
    this.body = request;
    this.#response = response;
    this.#closing = closing;
    // Both may fail when the client vanishes; the close that follows is what the exchange acts on.
    request.on("error", () => {});
    response.on("error", () => {});
  }

  get connection(): object {
    return this.body.socket;
  }

  get gone(): boolean {
    return this.#response.destroyed || this.#response.writableEnded;
  }

  get answered(): boolean {
    return this.#response.headersSent;
  }

  onGone(listener: () => void): void {
    this.onClosed(() => {
      if (!this.#response.writableFinished) {
        listener();
      }
    });
  }

  onClosed(listener: () => void): void {
    const response = this.#response;
    response.once("close", listener);
    // An answer that waits behind another's has no socket yet, and hears nothing of the end of its connection.
    if (response.socket === null) {
      const { socket } = this.body;
      const onEnd = () => response.closed || listener();
      socket.setMaxListeners(0).once("close", onEnd);
      response.once("close", () => socket.off("close", onEnd));
    }
  }

  accompany(headers: OutgoingHttpHeaders): void {
    for (const [name, value] of Object.entries(headers)) {
      this.#response.setHeader(name, value ?? "");
    }
  }

  head(status: number, headers: OutgoingHttpHeaders): void {
    if (!this.gone && !this.answered) {
      this.#response.writeHead(status, this.#last || this.#closing() ? { ...headers, connection: "close" } : headers);
    }
  }

  write(chunk: Uint8Array): boolean {
    return this.gone || this.#response.write(chunk);
  }

  drained(stallMs: number): Promise<void> {
    return waitForDrain(this.#response, stallMs);
  }

  end(trailers?: OutgoingHttpHeaders): void {
    if (this.gone) {
      return;
    }
    if (trailers) {
      this.#response.addTrailers(trailers);
    }
    this.#response.end();
  }

  answer(status: number, headers: OutgoingHttpHeaders, body?: Uint8Array, trailers?: OutgoingHttpHeaders): void {
    if (this.gone || this.answered) {
      return;
    }
    const length = { "content-length": body?.byteLength ?? 0 };
    this.head(status, trailers ? headers : { ...headers, ...length });
    if (trailers) {
      this.#response.addTrailers(trailers);
    }
    body ? this.#response.end(body) : this.#response.end();
  }

  refuseRest(): void {
    this.#last = true;
  }

  abort(): void {
    this.#response.destroy();
  }

  turnAway(): void {
    // Behind another answer that its peer does not read it would be kept, and so would the thousand that were sent with it.
    if (this.#response.socket === null) {
      this.body.destroy();
      return;
    }
    this.#response.writeHead(503, { "retry-after": "1", "content-length": 0, connection: "close" }).end();
  }
}

/** A proxy may send the absolute form of RFC 9112 §3.2.2; only its path and query count. */
function originForm(target: string): string {
  if (target.startsWith("/")) {
    return target;
  }
  const match = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*([^#]*)/i.exec(target);
  const rest = match?.[1] ?? target;
  return rest.startsWith("?") || rest === "" ? `/${rest}` : rest;
}
