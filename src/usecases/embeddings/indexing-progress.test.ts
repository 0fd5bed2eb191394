import { expect, it } from "vitest";
import { IndexingProgress } from "./indexing-progress.ts";

it("logs one line at the begin of a run and one at its end, with counts, and counts all runs", async () => {
  const lines: unknown[] = [];
  const progress = new IndexingProgress({
    began: (generation, toIndex) => lines.push(["began", generation, toIndex]),
    ended: (generation, indexed) => lines.push(["ended", generation, indexed]),
  });
  const left = async () => 12;
  await progress.step(1, 0, left);
  expect([lines, progress.toIndex]).toEqual([[], 0]);
  await progress.step(1, 8, left);
  await progress.step(1, 8, left);
  expect([lines, progress.indexed, progress.toIndex]).toEqual([[["began", 1, 20]], 16, 4]);
  await progress.step(1, 4, left);
  await progress.step(1, 0, left);
  expect(lines).toEqual([
    ["began", 1, 20],
    ["ended", 1, 20],
  ]);
  await progress.step(1, 5, async () => 0);
  expect([lines.length, progress.indexed, progress.toIndex]).toEqual([3, 25, 0]);
});
