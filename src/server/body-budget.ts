import type { ConnectError } from "@connectrpc/connect";

interface Waiter {
  readonly bytes: number;
  readonly own: number;
  admit(): void;
}

/** The bytes of request bodies that the process holds at once. Who finds no room waits for it in order, and not for long. */
export class BodyBudget {
  readonly #total: number;
  readonly #waitMs: number;
  readonly #overloaded: () => ConnectError;
  readonly #waiters = new Set<Waiter>();
  #held = 0;

  /** One body always fits, however large, where no other is held. */
  constructor(total: number, waitMs: number, overloaded: () => ConnectError) {
    this.#total = total;
    this.#waitMs = waitMs;
    this.#overloaded = overloaded;
  }

  get held(): number {
    return this.#held;
  }

  share(): BodyShare {
    return new BodyShare(this);
  }

  /** Null: taken at once, beside the `own` that the taker holds already. Rejects where there is no room in time. */
  take(bytes: number, own: number): Promise<void> | null {
    if (this.#waiters.size === 0 && this.#fits(bytes, own)) {
      this.#held += bytes;
      return null;
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(this.#overloaded());
        this.#admit();
      }, this.#waitMs);
      const waiter: Waiter = {
        bytes,
        own,
        admit: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      this.#waiters.add(waiter);
    });
  }

  give(bytes: number): void {
    this.#held -= bytes;
    this.#admit();
  }

  #fits(bytes: number, own: number): boolean {
    return this.#held + bytes <= this.#total || this.#held === own;
  }

  #admit(): void {
    for (const waiter of this.#waiters) {
      if (!this.#fits(waiter.bytes, waiter.own)) {
        return;
      }
      this.#waiters.delete(waiter);
      this.#held += waiter.bytes;
      waiter.admit();
    }
  }
}

/** What one call has of the budget, until it ends. */
export class BodyShare {
  readonly #budget: BodyBudget;
  #held = 0;
  #released = false;

  constructor(budget: BodyBudget) {
    this.#budget = budget;
  }

  /** Makes sure of `bytes` in all. Null: at once. Rejects where there is no room in time. */
  reach(bytes: number): Promise<void> | null {
    const more = bytes - this.#held;
    if (more <= 0 || this.#released) {
      return null;
    }
    const taken = this.#budget.take(more, this.#held);
    if (taken === null) {
      this.#held = bytes;
      return null;
    }
    return taken.then(() => this.#keep(more));
  }

  release(): void {
    this.#released = true;
    if (this.#held > 0) {
      const held = this.#held;
      this.#held = 0;
      this.#budget.give(held);
    }
  }

  /** The call may have ended while it waited. */
  #keep(bytes: number): void {
    if (this.#released) {
      this.#budget.give(bytes);
    } else {
      this.#held += bytes;
    }
  }
}
