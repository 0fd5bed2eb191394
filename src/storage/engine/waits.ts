/** Per call, as each has a signal of its own. */
const waits = new WeakMap<AbortSignal, number>();

/** A statement of the call waited so long for a connection, or on PGlite for its turn. */
export function noteWait(signal: AbortSignal | null, ms: number): void {
  if (signal !== null) waits.set(signal, waitedMs(signal) + ms);
}

/** How long the call with this signal has waited so far. */
export function waitedMs(signal: AbortSignal): number {
  return waits.get(signal) ?? 0;
}
