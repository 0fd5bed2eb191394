import { storageUnavailable } from "../sql-failure.ts";

const LAST_WORDS = /\b(?:PANIC|FATAL): .*/;

/**
 * Whether the engine has ended: a PANIC, as where its log cannot be written or synced. PGlite swallows it and would go on with
 * what is left in memory, so that nothing may be asked of it any more.
 */
export class PgliteEnd {
  readonly #onEnd: (error: Error) => void;
  #failure: Error | null = null;
  #lastWords = "";

  constructor(onEnd: (error: Error) => void) {
    this.#onEnd = onEnd;
  }

  get hasCome(): boolean {
    return this.#failure !== null;
  }

  /** Why it ended or did not start, in its own words; empty: it said nothing. */
  get lastWords(): string {
    return this.#lastWords;
  }

  /** Takes a line that the engine printed, in which it may say what it ends of. */
  hear(line: string): void {
    this.#lastWords = LAST_WORDS.exec(line)?.[0] ?? this.#lastWords;
  }

  come(cause: unknown): void {
    if (this.#failure !== null) return;
    this.#failure = new Error(`the embedded database has ended: ${this.#lastWords || String(cause)}`, { cause });
    this.#onEnd(this.#failure);
  }

  /** Throws STORAGE_UNAVAILABLE where it has come. */
  check(): void {
    if (this.#failure !== null) throw storageUnavailable(this.#failure);
  }
}
