import type { IncomingMessage, ServerResponse } from "node:http";
import { createSecureServer, type SecureServerOptions } from "node:http2";
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
  const connections = new Set<{ destroy(): void }>();
  server.on("secureConnection", (socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  server.on("request", (request, response) => {
    if (request.httpVersionMajor === 1) {
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
    closeIdle: () => (server as unknown as { closeIdleConnections(): void }).closeIdleConnections(),
    closeAll: () => {
      for (const socket of connections) {
        socket.destroy();
      }
    },
  };
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
