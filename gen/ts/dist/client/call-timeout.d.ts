/** Milliseconds that a call may take; undefined: it has no deadline of its own, by 0, less or Infinity. */
export declare function callTimeout(timeoutMs: number | undefined, defaultMs: number | undefined): number | undefined;
