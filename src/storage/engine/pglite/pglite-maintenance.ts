import type { PgliteSession } from "./pglite-session.ts";

const TICK_MS = 60_000;
const VACUUM_AFTER_CALLS = 5_000;
const VACUUM_AFTER_MS = 30 * 60_000;

/** PGlite has neither checkpointer nor autovacuum: without this its log and its tables grow for ever. */
export class PgliteMaintenance {
  readonly #session: PgliteSession;
  readonly #onWarning: (message: string) => void;
  readonly #timer: NodeJS.Timeout;
  #checkpointed = 0;
  #vacuumed = 0;
  #vacuumTime = Date.now();
  #running: Promise<void> = Promise.resolve();

  constructor(session: PgliteSession, onWarning: (message: string) => void) {
    this.#session = session;
    this.#onWarning = onWarning;
    this.#timer = setInterval(() => {
      this.#running = this.#tick();
    }, TICK_MS);
    this.#timer.unref();
  }

  /** Stops the timer and does once more what is due. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
    await this.#maintain(this.#session.calls > this.#vacuumed);
  }

  async #tick(): Promise<void> {
    const calls = this.#session.calls - this.#vacuumed;
    await this.#maintain(calls > VACUUM_AFTER_CALLS || (calls > 0 && Date.now() - this.#vacuumTime > VACUUM_AFTER_MS));
  }

  async #maintain(vacuum: boolean): Promise<void> {
    const { room } = this.#session;
    // A checkpoint for which the disk has no room ends the engine.
    if (room === "none") return;
    try {
      if (vacuum && room === "vacuum") {
        this.#vacuumed = this.#session.calls;
        this.#vacuumTime = Date.now();
        await this.#session.maintain("vacuum (analyze)");
      }
      if (vacuum || this.#session.calls > this.#checkpointed) {
        this.#checkpointed = this.#session.calls;
        await this.#session.maintain("checkpoint");
      }
    } catch (error) {
      this.#onWarning(`maintenance of the embedded database failed: ${(error as Error).message}`);
    }
  }
}
