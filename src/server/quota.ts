import type { Exchange } from "./exchange.ts";

const SWEEP_MS = 1_000;

/** How many exchanges of one sort may be open at once in the process, and for how long. */
export class Quota {
  readonly #most: number;
  readonly #open = new Map<Exchange, number>();
  readonly #timer: NodeJS.Timeout;

  /** Whoever is inside for longer than `maxMs` is cut off. */
  constructor(most: number, maxMs: number) {
    this.#most = most;
    this.#timer = setInterval(() => this.#sweep(Date.now() - maxMs), SWEEP_MS);
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
    if (this.#open.size >= this.#most) {
      exchange.turnAway();
      return false;
    }
    this.#open.set(exchange, Date.now());
    exchange.onClosed(() => this.leave(exchange));
    return true;
  }

  leave(exchange: Exchange): void {
    this.#open.delete(exchange);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sweep(before: number): void {
    for (const [exchange, since] of this.#open) {
      if (since > before) {
        return;
      }
      this.#open.delete(exchange);
      exchange.abort();
    }
  }
}
