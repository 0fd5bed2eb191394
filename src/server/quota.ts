import type { Exchange } from "./exchange.ts";

const SWEEP_MS = 1_000;

/** What a quota allows. */
export interface QuotaLimits {
  /** Exchanges open at once in the process. */
  readonly most: number;
  /** Of these, those of one connection. Default: all. */
  readonly mostOfOne?: number;
  /** Milliseconds until one is cut off, answered or not. */
  readonly maxMs: number;
  /** Milliseconds until one is cut off whose answer is not read, where half of the places are taken. Default: `maxMs`. */
  readonly unreadMs?: number;
  /** Whether, where all places are taken, the oldest whose answer is out yields to who comes. Default: nobody does. */
  readonly yields?: boolean;
}

interface Place {
  readonly connection: object;
  readonly since: number;
  /** When the answer was first seen to be out. */
  answeredAt: number | undefined;
}

/** How many exchanges of one sort may be open at once, and for how long. */
export class Quota {
  readonly #limits: Required<QuotaLimits>;
  readonly #open = new Map<Exchange, Place>();
  readonly #ofConnection = new WeakMap<object, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(limits: QuotaLimits) {
    this.#limits = { mostOfOne: limits.most, unreadMs: limits.maxMs, yields: false, ...limits };
    this.#timer = setInterval(() => this.#sweep(Date.now()), SWEEP_MS);
    this.#timer.unref();
  }

  get size(): number {
    return this.#open.size;
  }

  /** False where there is no room: the exchange has been turned away. It leaves by itself when it is closed. */
  enter(exchange: Exchange): boolean {
    if (this.#open.has(exchange)) {
      return true;
    }
    const { connection } = exchange;
    const sameConnection = this.#ofConnection.get(connection) ?? 0;
    if (sameConnection >= this.#limits.mostOfOne || !this.#hasRoom()) {
      exchange.turnAway();
      return false;
    }
    this.#open.set(exchange, { connection, since: Date.now(), answeredAt: undefined });
    this.#ofConnection.set(connection, sameConnection + 1);
    exchange.onClosed(() => this.leave(exchange));
    return true;
  }

  leave(exchange: Exchange): void {
    const place = this.#open.get(exchange);
    if (place) {
      this.#open.delete(exchange);
      this.#ofConnection.set(place.connection, this.#ofConnection.get(place.connection)! - 1);
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** A slow reader is cut off early only where others may need its place. */
  #sweep(now: number): void {
    const { most, maxMs, unreadMs } = this.#limits;
    const scarce = this.#open.size * 2 >= most;
    for (const [exchange, place] of this.#open) {
      if (exchange.answered) {
        place.answeredAt ??= now;
      }
      const unread = scarce && now - (place.answeredAt ?? now) >= unreadMs;
      if (unread || now - place.since >= maxMs) {
        this.#cutOff(exchange);
      }
    }
  }

  #hasRoom(): boolean {
    if (this.#open.size < this.#limits.most) {
      return true;
    }
    const yielding = this.#limits.yields && [...this.#open.keys()].find(({ answered }) => answered);
    if (!yielding) {
      return false;
    }
    this.#cutOff(yielding);
    return true;
  }

  #cutOff(exchange: Exchange): void {
    this.leave(exchange);
    exchange.abort();
  }
}
