import type { Sweeper } from "../../domain/ports/sweeper.ts";
import { BackgroundLoop } from "../embeddings/background-loop.ts";

export interface SweepDeps {
  readonly sweeper: Sweeper;
  readonly onError: (error: unknown) => void;
}

export interface SweepOptions {
  /** Rest where nothing is left to purge. Default 1 minute. */
  readonly everyMs?: number;
  /** Memories, requests and workspaces looked at in one go. Default 500. */
  readonly batchSize?: number;
}

/** Purges what is past its retention. No read depends on it: what has expired is hidden already. */
export function sweepLoop(deps: SweepDeps, options: SweepOptions = {}): BackgroundLoop {
  const everyMs = options.everyMs ?? 60_000;
  const batchSize = options.batchSize ?? 500;
  return new BackgroundLoop({
    onError: deps.onError,
    turn: async (signal) => {
      const swept = await deps.sweeper.sweep(batchSize, signal);
      const mayBeMore = swept.memories >= batchSize || swept.requests >= batchSize;
      // Half of the rest is random, so that processes do not sweep together.
      return { ms: mayBeMore ? 50 : everyMs * (0.5 + Math.random() / 2) };
    },
  });
}
