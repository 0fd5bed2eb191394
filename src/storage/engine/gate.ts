import { DomainError } from "../../domain/failure.ts";
import { abortReason } from "./abort-reason.ts";

interface Waiter {
  admit(): void;
  turnAway(reason: Error): void;
}

/** Lets `size` holders in at a time; the others wait in order, each at most `waitMs`, until it is closed. */
export class Gate {
  readonly #size: number;
  readonly #waitMs: number;
  readonly #waiters = new Set<Waiter>();
  #inside = 0;
  #onEmpty: (() => void) | null = null;

  constructor(size: number, waitMs: number) {
    this.#size = size;
    this.#waitMs = waitMs;
  }

  /**
   * Null: entered at once. Throws OVERLOADED after the wait, the signal's reason where it is aborted, STORAGE_UNAVAILABLE where it is
   * closed. Each entry owes one `leave`.
   */
  enter(signal: AbortSignal | null): Promise<void> | null {
    if (this.#onEmpty !== null) {
      throw closing();
    }
    if (this.#inside < this.#size) {
      this.#inside++;
      return null;
    }
    return this.#wait(signal);
  }

  leave(): void {
    for (const next of this.#waiters) {
      this.#waiters.delete(next);
      next.admit();
      return;
    }
    this.#inside--;
    if (this.#inside === 0) {
      this.#onEmpty?.();
    }
  }

  /** Turns away who waits and who comes; returns when the last one inside has left. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
      for (const waiter of this.#waiters) {
        waiter.turnAway(closing());
      }
      if (this.#inside === 0) {
        resolve();
      }
    });
  }

  #wait(signal: AbortSignal | null): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        this.#waiters.delete(waiter);
      };
      const waiter: Waiter = {
        admit: () => {
          settle();
          resolve();
        },
        turnAway: (reason) => {
          settle();
          reject(reason);
        },
      };
      const onAbort = (): void => {
        settle();
        reject(abortReason(signal!));
      };
      const timer = setTimeout(() => {
        settle();
        reject(new DomainError("OVERLOADED", "every database connection stayed busy"));
      }, this.#waitMs);
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiters.add(waiter);
    });
  }
}

function closing(): DomainError {
  return new DomainError("STORAGE_UNAVAILABLE", "the database is being closed");
}
