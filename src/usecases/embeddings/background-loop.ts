/** How long a loop rests after a turn. `firm`: a wake-up does not cut it short, as where a provider is down. */
export interface Rest {
  readonly ms: number;
  readonly firm?: boolean;
}

export interface BackgroundLoopOptions {
  /** One bounded piece of work. Its signal aborts when the loop stops. */
  readonly turn: (signal: AbortSignal) => Promise<Rest>;
  /** Told of whatever a turn throws; the loop goes on. */
  readonly onError: (error: unknown) => void;
  /** Rest after the first failed turn; doubles up to 30 seconds, with jitter. Default 1 second. */
  readonly errorRestMs?: number;
}

const LONGEST_ERROR_REST_MS = 30_000;

/** Repeats a piece of work until it is stopped. */
export class BackgroundLoop {
  readonly #options: BackgroundLoopOptions;
  #stopping = new AbortController();
  #running: Promise<void> | null = null;
  #woken = false;
  #endRest: (() => void) | null = null;

  constructor(options: BackgroundLoopOptions) {
    this.#options = options;
  }

  /** Does nothing where it runs already. */
  start(): void {
    if (this.#running !== null) return;
    this.#stopping = new AbortController();
    this.#running = this.#run(this.#stopping.signal);
  }

  /** There may be work: ends a rest that is not firm, or the one that follows the present turn. */
  wake(): void {
    this.#woken = true;
    this.#endRest?.();
  }

  /** Resolves once the present turn has ended. The loop may be started again. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    this.#running = null;
  }

  async #run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      let rest: Rest;
      this.#woken = false;
      try {
        rest = await this.#options.turn(signal);
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        this.#options.onError(error);
        rest = { ms: pauseAfter(++failures, this.#options.errorRestMs ?? 1000, LONGEST_ERROR_REST_MS), firm: true };
      }
      await this.#rest(rest, signal);
    }
  }

  #rest(rest: Rest, signal: AbortSignal): Promise<void> {
    if (signal.aborted || (this.#woken && !rest.firm)) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        this.#endRest = null;
        resolve();
      };
      const timer = setTimeout(end, rest.ms);
      signal.addEventListener("abort", end, { once: true });
      if (!rest.firm) this.#endRest = end;
    });
  }
}

/** Doubles with each failure from `firstMs` up to `mostMs`; half of it random, so that processes do not come back together. */
export function pauseAfter(failures: number, firstMs: number, mostMs: number): number {
  return Math.min(mostMs, firstMs * 2 ** Math.min(failures - 1, 30)) * (0.5 + Math.random() / 2);
}
