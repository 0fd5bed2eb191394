import type { Slices } from "../../domain/slices.ts";

/** Runs work and lets other calls run after each of its slices. Throws the signal's reason where the caller gives up meanwhile. */
export async function inSlices<T>(work: Slices<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }
}
