import { expect, it } from "vitest";
import { inSlices } from "./in-slices.ts";

function* counted(to: number, done: number[]) {
  for (let n = 1; n <= to; n++) {
    done.push(n);
    yield;
  }
  return done.length;
}

it("lets the event loop turn after each slice, and gives up with the caller", async () => {
  const turns: number[] = [];
  const done: number[] = [];
  const turn = () => {
    turns.push(done.length);
    if (done.length < 5) setImmediate(turn);
  };
  setImmediate(turn);
  expect(await inSlices(counted(5, done), new AbortController().signal)).toBe(5);
  expect(turns).toEqual([1, 2, 3, 4, 5]);

  const caller = new AbortController();
  const begun: number[] = [];
  setImmediate(() => caller.abort(new Error("gone")));
  await expect(inSlices(counted(1e6, begun), caller.signal)).rejects.toThrow("gone");
  expect(begun.length).toBeLessThan(10);
});
