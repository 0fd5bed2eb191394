const FIRST_MS = 100;
const MOST_MS = 2000;

/**
 * Milliseconds to wait after that many attempts: twice as long each time up to two seconds, the half of it by chance, so that callers do
 * not come back as one, and a call that still runs gets its time.
 */
export function backoffMs(attempts: number): number {
  const longest = Math.min(MOST_MS, FIRST_MS * 2 ** (attempts - 1));
  return (longest * (1 + Math.random())) / 2;
}

/** Waits, until the signal aborts at most. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const stop = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      resolve();
    };
    const timer = setTimeout(stop, ms);
    signal.addEventListener("abort", stop);
  });
}
