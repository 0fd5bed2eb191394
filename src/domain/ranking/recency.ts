/** 1 for what was written at `now`, half of it after each half-life; 1 for what a clock ahead of ours dates later. */
export function recencyOf(writtenAt: Date, now: Date, halfLifeMs: number): number {
  const age = Math.max(0, now.getTime() - writtenAt.getTime());
  return 0.5 ** (age / halfLifeMs);
}
