export interface Swept {
  readonly memories: number;
  readonly requests: number;
}

export interface Sweeper {
  /**
   * Purges memories past their retention and request records of more than a day, at most `limit` of each, and goes on with one
   * workspace whose deletion was cut short. An aborted signal stops between two batches.
   */
  sweep(limit: number, signal: AbortSignal): Promise<Swept>;
}
