import type { Http2Server, ServerHttp2Session } from "node:http2";
import type { Limits } from "./limits.ts";

interface SessionState {
  streams: number;
  /** When the last stream ended, or the connection began. */
  idleSince: number;
  pingedAt: number;
  awaitingPing: boolean;
}

type WatchLimits = Pick<Limits, "idleTimeoutMs" | "pingIntervalMs" | "pingTimeoutMs" | "checkIntervalMs">;

/**
 * Looks after the HTTP/2 connections of a server, as Node does not: closes those without a stream after the idle timeout and
 * those whose peer answers no ping, and says GOAWAY to all at shutdown. One timer serves them all.
 */
export class Http2Sessions {
  readonly #limits: WatchLimits;
  readonly #sessions = new Map<ServerHttp2Session, SessionState>();
  readonly #timer: NodeJS.Timeout;
  #closing = false;

  constructor(server: Http2Server, limits: WatchLimits) {
    this.#limits = limits;
    server.on("session", (session) => this.#add(session));
    // A connection that breaks is its own affair; without a listener it would end the process.
    server.on("sessionError", () => {});
    const shortest = Math.min(limits.idleTimeoutMs, limits.pingIntervalMs, limits.pingTimeoutMs);
    this.#timer = setInterval(() => this.#watch(), Math.max(10, Math.min(limits.checkIntervalMs, shortest / 2)));
    this.#timer.unref();
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Sends GOAWAY everywhere, now and on connections that still come; each closes when its last stream has ended. */
  close(): void {
    this.#closing = true;
    for (const session of this.#sessions.keys()) {
      session.close();
    }
  }

  /** Ends the connections that are left, with their streams. */
  destroy(): void {
    clearInterval(this.#timer);
    for (const session of this.#sessions.keys()) {
      session.destroy();
    }
  }

  #add(session: ServerHttp2Session): void {
    const state: SessionState = { streams: 0, idleSince: Date.now(), pingedAt: Date.now(), awaitingPing: false };
    this.#sessions.set(session, state);
    session.on("stream", (stream) => {
      state.streams++;
      stream.once("close", () => {
        state.streams--;
        state.idleSince = Date.now();
      });
    });
    session.once("close", () => this.#sessions.delete(session));
    if (this.#closing) {
      session.close();
    }
  }

  #watch(): void {
    const now = Date.now();
    for (const [session, state] of this.#sessions) {
      if (session.destroyed) {
        continue;
      }
      if (state.awaitingPing && now - state.pingedAt > this.#limits.pingTimeoutMs) {
        session.destroy();
      } else if (state.streams === 0 && now - state.idleSince > this.#limits.idleTimeoutMs) {
        session.close();
      } else if (!state.awaitingPing && now - state.pingedAt > this.#limits.pingIntervalMs && !session.closed) {
        state.pingedAt = now;
        state.awaitingPing = session.ping(() => {
          state.awaitingPing = false;
        });
      }
    }
  }
}
