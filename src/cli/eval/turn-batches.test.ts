import { describe, expect, it } from "vitest";
import type { Turn } from "./conversation.ts";
import { turnBatches } from "./turn-batches.ts";

const turnsOf = (lengths: readonly number[]): Turn[] =>
  lengths.map((length, at) => ({
    id: String(at),
    speaker: "A",
    session: "session_1",
    date: "",
    content: "x".repeat(length),
  }));

describe("turnBatches", () => {
  it("keeps every turn, in order, at most a hundred a batch", () => {
    const turns = turnsOf(Array.from({ length: 250 }, () => 10));
    const batches = [...turnBatches(turns)];
    expect(batches.map((batch) => batch.length)).toEqual([100, 100, 50]);
    expect(batches.flat()).toEqual(turns);
  });

  it("ends a batch before it is too large for a request, and sends what is too large alone", () => {
    const batches = [...turnBatches(turnsOf([400_000, 500_000, 200_000, 1_500_000, 5]))];
    expect(batches.map((batch) => batch.map((turn) => turn.content.length))).toEqual([
      [400_000, 500_000],
      [200_000],
      [1_500_000],
      [5],
    ]);
    expect([...turnBatches([])]).toEqual([]);
  });
});
