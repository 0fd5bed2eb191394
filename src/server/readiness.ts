const PATIENCE_MS = 2_000;

/** Whether the server can serve: what the application says, within 2 s, and never while shutting down. */
export class Readiness {
  readonly #ask: () => Promise<boolean>;
  readonly #waiting = new Set<() => void>();
  #asking: Promise<boolean> | undefined;
  #stopped = false;

  constructor(ask: (() => Promise<boolean>) | undefined) {
    this.#ask = ask ?? (() => Promise.resolve(true));
  }

  /** From now on: not ready. */
  stop(): void {
    this.#stopped = true;
    for (const wake of this.#waiting) {
      wake();
    }
  }

  /** Probes that come together share one question. A failure or a late answer means no. */
  async now(): Promise<boolean> {
    if (this.#stopped) {
      return false;
    }
    this.#asking ??= this.#askOnce().finally(() => {
      this.#asking = undefined;
    });
    return (await this.#asking) && !this.#stopped;
  }

  /** Resolves when it is time to ask again: after `ms`, or at once on `stop` and when `signal` aborts. */
  change(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", wake);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal.addEventListener("abort", wake);
      this.#waiting.add(wake);
      if (signal.aborted) {
        wake();
      }
    });
  }

  #askOnce(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), PATIENCE_MS);
      const settle = (ready: boolean) => {
        clearTimeout(timer);
        resolve(ready);
      };
      this.#ask().then(settle, () => settle(false));
    });
  }
}
