/**
 * Work that gives way: a generator that yields after each piece of it, some 10 ms long at most, and returns its result. Who runs it
 * lets other calls run in between, or does not.
 */
export type Slices<T> = Generator<void, T, void>;

/** Runs work to its end without giving way. */
export function atOnce<T>(work: Slices<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** Cuts a list into runs of consecutive items whose costs add up to `most` each, or of one that costs more. */
export function* runsOf<T>(items: readonly T[], most: number, costOf: (item: T) => number): Generator<readonly T[]> {
  let from = 0;
  let cost = 0;
  for (const [at, item] of items.entries()) {
    const own = costOf(item);
    if (at > from && cost + own > most) {
      yield items.slice(from, at);
      from = at;
      cost = 0;
    }
    cost += own;
  }
  if (from < items.length) yield items.slice(from);
}
