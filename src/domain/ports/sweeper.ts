export interface Swept {
  readonly memories: number;
  readonly requests: number;
}

/** Purges what is past its retention, one bounded batch a call. */
export interface Sweeper {
  sweep(limit: number): Promise<Swept>;
}
