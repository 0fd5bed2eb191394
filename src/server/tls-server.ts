import type { IncomingMessage, ServerResponse } from "node:http";
import { createSecureServer, type SecureServerOptions } from "node:http2";
import type { Socket } from "node:net";
import type { PortServer } from "./cleartext-server.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { Http1Exchange } from "./http1-exchange.ts";
import { Http2Exchange } from "./http2-exchange.ts";
import type { Limits } from "./limits.ts";
import type { TlsOptions } from "./listener-options.ts";
import { http1Options, http2Options } from "./server-settings.ts";
import type { SessionKeeper } from "./session-keeper.ts";

/** HTTP/1.1 and HTTP/2 over TLS; ALPN chooses. */
export function tlsServer(
  tls: TlsOptions,
  dispatcher: Dispatcher,
  sessions: SessionKeeper,
  limits: Limits,
  closing: () => boolean,
): PortServer {
  const server = createSecureServer(secureOptions(tls, limits));
  Object.assign(server, http1Options(limits));
  server.on("session", (session) => sessions.watch(session));
  server.on("stream", (stream, headers) => dispatcher.dispatch(new Http2Exchange(stream, headers)));
  const streamListeners = server.listeners("stream");
  const connections = new Connections();
  server.on("connection", (socket: Socket) => connections.add(socket));
  server.on("session", (session) => connections.spoke(session.socket));
  server.on("request", (request, response) => {
    // One that was turned away is destroyed, and yet its other requests of the same packet come.
    if (request.httpVersionMajor === 1 && !request.socket.destroyed) {
      connections.spoke(request.socket);
      const http1 = [request, response] as unknown as [IncomingMessage, ServerResponse];
      dispatcher.dispatch(new Http1Exchange(...http1, closing));
    }
  });
  // Along with "request" Node adds a "stream" listener of its compatibility layer; HTTP/2 is ours alone.
  for (const listener of server.listeners("stream")) {
    if (!streamListeners.includes(listener)) {
      server.off("stream", listener as () => void);
    }
  }
  return {
    server: server as unknown as PortServer["server"],
    closeIdle: () => {
      connections.closeSilent();
      (server as unknown as { closeIdleConnections(): void }).closeIdleConnections();
    },
    closeAll: () => connections.closeAll(),
  };
}

/** The TCP connections below TLS. One that has sent no request yet is not among those that Node knows as idle. */
class Connections {
  readonly #silent = new Map<string, Socket>();
  readonly #open = new Set<Socket>();

  add(socket: Socket): void {
    const peer = peerOf(socket);
    this.#open.add(socket);
    this.#silent.set(peer, socket);
    socket.once("close", () => {
      this.#open.delete(socket);
      this.#silent.delete(peer);
    });
  }

  spoke(secure: Pick<Socket, "remoteAddress" | "remotePort">): void {
    this.#silent.delete(peerOf(secure));
  }

  closeSilent(): void {
    for (const socket of this.#silent.values()) {
      socket.destroy();
    }
  }

  closeAll(): void {
    for (const socket of this.#open) {
      socket.destroy();
    }
  }
}

/** The same for a connection and for the TLS socket on top of it. */
function peerOf({ remoteAddress, remotePort }: Pick<Socket, "remoteAddress" | "remotePort">): string {
  return `${remoteAddress} ${remotePort}`;
}

function secureOptions(tls: TlsOptions, limits: Limits): SecureServerOptions {
  const clientCa = tls.clientCa;
  return {
    ...http1Options(limits),
    ...http2Options(limits),
    allowHTTP1: true,
    key: tls.key,
    cert: tls.cert,
    minVersion: "TLSv1.2",
    handshakeTimeout: limits.headersTimeoutMs,
    ...(clientCa ? { ca: clientCa, requestCert: true, rejectUnauthorized: true } : {}),
  };
}
