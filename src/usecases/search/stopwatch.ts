import type { Clock } from "../../domain/ports/clock.ts";

/** Milliseconds since it was last asked. */
export function stopwatch(clock: Clock): () => number {
  let last = clock.now();
  return () => {
    const now = clock.now();
    const elapsed = Math.max(0, now - last);
    last = now;
    return elapsed;
  };
}
