import { createServer as createHttp1Server, type Server as Http1Server, type ServerOptions } from "node:http";
import { createSecureServer, createServer as createHttp2Server, type Http2Server, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo, Server as NetServer, Socket } from "node:net";
import type { Exchange } from "./exchange.ts";
import { Http1Exchange } from "./http1-exchange.ts";
import { Http2Exchange } from "./http2-exchange.ts";
import { Http2Sessions } from "./http2-sessions.ts";
import type { Limits } from "./limits.ts";
import type { TlsOptions } from "./listener-options.ts";
import { sniffPreface } from "./preface-sniffer.ts";

/** Megabytes that one HTTP/2 connection may hold: Node's 10 refuse streams once some page-sized answers wait together. */
const SESSION_MEMORY_MB = 64;
const IDLE_SWEEP_MS = 50;

/** A TCP port that speaks HTTP/1.1 and HTTP/2, in clear text or over TLS, and turns each request into an exchange. */
export class Port {
  readonly #server: NetServer;
  readonly #http1: Pick<Http1Server, "closeIdleConnections">;
  readonly #sessions: Http2Sessions;
  readonly #sockets = new Set<Socket>();
  #closing = false;

  constructor(limits: Limits, tls: TlsOptions | undefined, onExchange: (exchange: Exchange) => void) {
    const onRequest: Parameters<Http1Server["on"]>[1] = (request, response) =>
      onExchange(new Http1Exchange(request, response, () => this.#closing));
    const onStream = (stream: ServerHttp2Stream, headers: Parameters<typeof Http2Exchange.prototype.constructor>[1]) =>
      onExchange(new Http2Exchange(stream, headers));
    const opened = tls ? openTls(limits, tls) : openPlain(limits);
    opened.http1.on("request", onRequest);
    // Over TLS one server is both, and Node's compatibility layer has just begun to answer its HTTP/2 streams.
    opened.http2.removeAllListeners("stream").on("stream", onStream);
    this.#server = opened.listening;
    this.#http1 = opened.http1;
    this.#sessions = new Http2Sessions(opened.http2, limits);
    this.#server.maxConnections = limits.maxConnections || Number.POSITIVE_INFINITY;
    this.#server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
  }

  /** Rejects with Node's own error where the address cannot be had, such as EADDRINUSE. */
  listen(port: number, host: string | undefined): Promise<AddressInfo> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
        this.#server.off("error", reject);
        resolve(this.#server.address() as AddressInfo);
      });
    });
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Takes no more connections and no more requests; resolves when every connection has ended by itself or after `graceMs`. */
  async drain(graceMs: number): Promise<void> {
    this.#closing = true;
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#sessions.close();
    // A keep-alive connection becomes idle only when its last response is out, so one sweep is not enough.
    const sweep = setInterval(() => this.#http1.closeIdleConnections(), IDLE_SWEEP_MS);
    this.#http1.closeIdleConnections();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([closed, late]);
    clearInterval(sweep);
    clearTimeout(timer);
  }

  /** Ends every connection that is left. */
  destroy(): void {
    this.#sessions.destroy();
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }
}

interface Opened {
  readonly listening: NetServer;
  readonly http1: Pick<Http1Server, "on" | "closeIdleConnections">;
  readonly http2: Http2Server;
}

function openPlain(limits: Limits): Opened {
  // The HTTP/1 server listens itself: one that does not would never enforce its timeouts.
  const http1 = createHttp1Server(http1Options(limits));
  const http2 = createHttp2Server(http2Options(limits));
  const [serveHttp1] = http1.listeners("connection");
  http1.removeAllListeners("connection");
  http1.on("connection", (socket: Socket) => {
    sniffPreface(socket, limits.sniffTimeoutMs, (dialect) => {
      if (dialect === "http1") {
        serveHttp1?.call(http1, socket);
        return;
      }
      // HTTP servers accept half-open sockets, on which the streams of a vanished HTTP/2 client would run on for ever.
      socket.allowHalfOpen = false;
      http2.emit("connection", socket);
    });
  });
  return { listening: http1, http1, http2 };
}

function openTls(limits: Limits, tls: TlsOptions): Opened {
  const server = createSecureServer({
    ...http1Options(limits),
    ...http2Options(limits),
    key: tls.key,
    cert: tls.cert,
    ...(tls.clientCa === undefined ? {} : { ca: tls.clientCa, requestCert: true, rejectUnauthorized: true }),
    allowHTTP1: true,
    minVersion: "TLSv1.2",
    handshakeTimeout: limits.headersTimeoutMs,
  });
  const http1 = server as unknown as Http1Server;
  Object.assign(http1, timeouts(limits));
  return { listening: server as unknown as NetServer, http1, http2: server as unknown as Http2Server };
}

function timeouts(limits: Limits): Pick<ServerOptions, "headersTimeout" | "requestTimeout" | "keepAliveTimeout"> {
  return {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
  };
}

function http1Options(limits: Limits): ServerOptions {
  return {
    ...timeouts(limits),
    connectionsCheckingInterval: limits.checkIntervalMs,
    maxHeaderSize: limits.maxHeaderBytes,
  };
}

function http2Options(limits: Limits) {
  return {
    settings: { maxConcurrentStreams: limits.maxConcurrentStreams, maxHeaderListSize: limits.maxHeaderBytes },
    maxSessionMemory: SESSION_MEMORY_MB,
    streamResetBurst: limits.streamResetBurst,
    streamResetRate: limits.streamResetRate,
  };
}
