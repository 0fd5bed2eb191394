import type { Clock } from "../../domain/ports/clock.ts";

const MAX_ENTRIES = 10_000;

interface Entry<V> {
  readonly value: Promise<V | null>;
  readonly loadedAt: number;
  /** What was found, once it is, or what the entry before this one had found. */
  latest: V | undefined;
  isLoading: boolean;
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

  /** What is known without waiting; undefined: nothing that is still good. */
  peek(key: string): V | undefined {
    const known = this.#entries.get(key);
    return known && !known.isLoading && this.#isGood(known, this.#clock.now()) ? known.latest : undefined;
  }

  /** True where an earlier look-up of this key found something, however long ago. */
  remembers(key: string): boolean {
    return this.#entries.get(key)?.latest !== undefined;
  }

  get(key: string, load: () => Promise<V | null>): Promise<V | null> {
    const now = this.#clock.now();
    const known = this.#entries.get(key);
    if (known && this.#isGood(known, now)) {
      return known.value;
    }
    const entry: Entry<V> = { value: load(), loadedAt: now, latest: known?.latest, isLoading: true };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#evict();
    const forget = () => {
      if (this.#entries.get(key) === entry) {
        this.#entries.delete(key);
      }
    };
    const keep = (value: V | null) => {
      entry.isLoading = false;
      if (value === null) {
        forget();
      } else {
        entry.latest = value;
      }
    };
    entry.value.then(keep, forget);
    return entry.value;
  }

  /** A clock that stepped back makes every entry old. */
  #isGood({ loadedAt }: Entry<V>, now: number): boolean {
    return now >= loadedAt && now - loadedAt < this.#ttlMs;
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
