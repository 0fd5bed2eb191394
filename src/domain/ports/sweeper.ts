export interface Swept {
  readonly memories: number;
  readonly requests: number;
  /** Workspaces whose deletion was completed, and those of which something was left. */
  readonly workspaces: number;
}

export interface Sweeper {
  /**
   * Purges memories past their retention and request records of more than a day, at most `limit` of each; completes the deletion
   * of workspaces that was cut short, and erases what is left of one that is gone, of which it looks at the next `limit` a call.
   * An aborted signal stops between two batches.
   */
  sweep(limit: number, signal: AbortSignal): Promise<Swept>;
}
