import type { ServerHttp2Session } from "node:http2";
import type { Limits } from "./limits.ts";

const TICK_MS = 1_000;

interface Watched {
  openStreams: number;
  idleSince: number;
  lastPing: number;
  pingSentAt: number | undefined;
}

/**
 * Watches HTTP/2 connections, which Node leaves open for ever: a peer that answers no ping is cut off, one without a stream for
 * long is asked to go. One timer serves all of them.
 */
export class SessionKeeper {
  readonly #limits: Limits;
  readonly #sessions = new Map<ServerHttp2Session, Watched>();
  readonly #timer: NodeJS.Timeout;
  #closing = false;

  constructor(limits: Limits) {
    this.#limits = limits;
    const tick = Math.min(TICK_MS, limits.pingIntervalMs, limits.pingTimeoutMs, limits.idleTimeoutMs);
    this.#timer = setInterval(() => this.#tick(Date.now()), tick);
    this.#timer.unref();
  }

  get size(): number {
    return this.#sessions.size;
  }

  watch(session: ServerHttp2Session): void {
    const now = Date.now();
    const watched: Watched = { openStreams: 0, idleSince: now, lastPing: now, pingSentAt: undefined };
    this.#sessions.set(session, watched);
    session.on("stream", (stream) => {
      watched.openStreams++;
      stream.once("close", () => {
        if (--watched.openStreams === 0) {
          watched.idleSince = Date.now();
        }
      });
    });
    // A broken connection is the client's affair; its streams abort by their own close.
    session.on("error", () => {});
    session.once("close", () => this.#sessions.delete(session));
    if (this.#closing) {
      session.close();
    }
  }

  /** GOAWAY to all: open streams go on, new ones are refused. */
  closeAll(): void {
    this.#closing = true;
    for (const session of this.#sessions.keys()) {
      session.close();
    }
  }

  destroyAll(): void {
    clearInterval(this.#timer);
    for (const session of this.#sessions.keys()) {
      session.destroy();
    }
  }

  #tick(now: number): void {
    for (const [session, watched] of this.#sessions) {
      if (watched.pingSentAt !== undefined && now - watched.pingSentAt >= this.#limits.pingTimeoutMs) {
        session.destroy();
      } else if (watched.openStreams === 0 && now - watched.idleSince >= this.#limits.idleTimeoutMs) {
        session.close();
      } else if (watched.pingSentAt === undefined && now - watched.lastPing >= this.#limits.pingIntervalMs) {
        this.#ping(session, watched, now);
      }
    }
  }

  #ping(session: ServerHttp2Session, watched: Watched, now: number): void {
    if (session.closed || session.destroyed) {
      return;
    }
    watched.lastPing = now;
    watched.pingSentAt = now;
    session.ping(() => {
      watched.pingSentAt = undefined;
    });
  }
}
