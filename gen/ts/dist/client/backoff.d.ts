/**
 * Milliseconds to wait after that many attempts: twice as long each time up to two seconds, the half of it by chance, so that callers do
 * not come back as one, and a call that still runs gets its time.
 */
export declare function backoffMs(attempts: number): number;
/** Waits, until the signal aborts at most. */
export declare function pause(ms: number, signal: AbortSignal): Promise<void>;
