const FIRST_MS = 50;
const MOST_MS = 2000;

/** Milliseconds before attempt `attempt` (1 is the first repetition): exponential with full jitter, at most two seconds. */
export function backoffMs(attempt) {
  return Math.random() * Math.min(MOST_MS, FIRST_MS * 2 ** attempt);
}

/** Waits, unless the signal aborts first; answers whether the wait came to its end. */
export function pause(ms, signal) {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve(false);
    const stop = () => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve(true);
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
