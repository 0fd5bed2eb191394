import { createServer as createHttp1Server, type Server } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { Socket } from "node:net";
import type { Dispatcher } from "./dispatcher.ts";
import { Http1Exchange } from "./http1-exchange.ts";
import { Http2Exchange } from "./http2-exchange.ts";
import type { Limits } from "./limits.ts";
import { ProtocolSniffer } from "./protocol-sniffer.ts";
import { http1Options, http2Options } from "./server-settings.ts";
import type { SessionKeeper } from "./session-keeper.ts";

/** A listening server and how to stop it. */
export interface PortServer {
  readonly server: Pick<Server, "listen" | "close" | "address" | "once" | "off" | "on">;
  /** Closes the connections that carry nothing now. */
  closeIdle(): void;
  /** Closes the connections whatever they carry. */
  closeAll(): void;
}

/**
 * HTTP/1.1 and h2c on one port. The HTTP/1.1 server itself listens, because only a listening one enforces its timeouts; HTTP/2
 * connections are handed over once their first bytes are read.
 */
export function cleartextServer(
  dispatcher: Dispatcher,
  sessions: SessionKeeper,
  limits: Limits,
  closing: () => boolean,
): PortServer {
  const http1 = createHttp1Server(http1Options(limits), (request, response) => {
    // Turned away, and yet its other requests of the same packet come.
    if (!request.socket.destroyed) {
      dispatcher.dispatch(new Http1Exchange(request, response, closing));
    }
  });
  http1.keepAliveTimeout = limits.keepAliveTimeoutMs;
  const http2 = createHttp2Server(http2Options(limits));
  http2.on("session", (session) => sessions.watch(session));
  http2.on("stream", (stream, headers) => dispatcher.dispatch(new Http2Exchange(stream, headers)));
  const sniffer = new ProtocolSniffer(limits.sniffTimeoutMs);
  const serveHttp1 = http1.listeners("connection") as ((this: Server, socket: Socket) => void)[];
  http1.removeAllListeners("connection");
  const open = new Set<Socket>();
  http1.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    sniffer.sniff(socket, (decided, isHttp2) => {
      if (isHttp2) {
        // The HTTP/1.1 server accepts half-open sockets; on those a vanished client's streams would never abort.
        decided.allowHalfOpen = false;
        http2.emit("connection", decided);
      } else {
        for (const serve of serveHttp1) {
          serve.call(http1, decided);
        }
      }
    });
  });
  return {
    server: http1,
    closeIdle: () => {
      sniffer.closeUndecided();
      http1.closeIdleConnections();
    },
    closeAll: () => {
      // Node ends an HTTP/2 connection that is closing politely, and would wait for the peer to do the same.
      for (const socket of open) {
        socket.destroy();
      }
    },
  };
}
