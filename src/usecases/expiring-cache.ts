import type { Clock } from "../domain/ports/clock.ts";

const MAX_ENTRIES = 10_000;

interface Entry<V> {
  readonly value: Promise<V | null>;
  readonly loadedAt: number;
}

/**
 * Keeps what a slow lookup found for `ttlMs`, counted from before the lookup began, so that a change elsewhere is seen that soon.
 * Lookups of one key at one time are one lookup; what was not found, or failed, is not kept. At most 10,000 entries, oldest out first.
 */
export class ExpiringCache<V> {
  readonly #entries = new Map<string, Entry<V>>();
  readonly #clock: Clock;
  readonly #ttlMs: number;

  constructor(clock: Clock, ttlMs: number) {
    this.#clock = clock;
    this.#ttlMs = ttlMs;
  }

  get(key: string, load: () => Promise<V | null>): Promise<V | null> {
    const now = this.#clock.now();
    const known = this.#entries.get(key);
    // A clock that stepped back makes every entry old.
    if (known && now >= known.loadedAt && now - known.loadedAt < this.#ttlMs) {
      return known.value;
    }
    const entry: Entry<V> = { value: load(), loadedAt: now };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#evict();
    const forget = () => {
      if (this.#entries.get(key) === entry) {
        this.#entries.delete(key);
      }
    };
    entry.value.then((value) => value === null && forget(), forget);
    return entry.value;
  }

  clear(): void {
    this.#entries.clear();
  }

  #evict(): void {
    if (this.#entries.size > MAX_ENTRIES) {
      this.#entries.delete(this.#entries.keys().next().value!);
    }
  }
}
