const FIRST_MS = 50;
const MOST_MS = 2000;

/** Milliseconds before attempt `attempt` (1 is the first repetition): exponential with full jitter, at most two seconds. */
export function backoffMs(attempt) {
  return Math.random() * Math.min(MOST_MS, FIRST_MS * 2 ** attempt);
}

/** Waits, until the signal aborts at most. */
export function pause(ms, signal) {
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
