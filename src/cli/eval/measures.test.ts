import { describe, expect, it } from "vitest";
import { measure } from "./measures.ts";
import { percentile } from "./percentile.ts";

describe("measure", () => {
  it("takes recall as the share of a question's evidence, and the mean over questions", () => {
    const { recall, questions } = measure([[1, 6], [20], [null, 2, 3, 11]]);
    expect(questions).toBe(3);
    expect(recall[1]).toBeCloseTo(0.5 / 3);
    expect(recall[5]).toBeCloseTo((0.5 + 0 + 0.5) / 3);
    expect(recall[10]).toBeCloseTo((1 + 0 + 0.5) / 3);
    expect(recall[20]).toBeCloseTo((1 + 1 + 0.75) / 3);
  });

  it("takes the reciprocal rank of the first evidence, 0 where none was found", () => {
    expect(measure([[4, 2], [null], [1]]).mrr).toBeCloseTo((0.5 + 0 + 1) / 3);
  });

  it("discounts gain by rank, over the best order there could be", () => {
    expect(measure([[1, 2]]).ndcg10).toBeCloseTo(1);
    expect(measure([[3]]).ndcg10).toBeCloseTo(1 / 2);
    expect(measure([[2, 11]]).ndcg10).toBeCloseTo(1 / Math.log2(3) / (1 + 1 / Math.log2(3)));
    // Twelve pieces cannot stand in ten places: the best ten are all there can be.
    expect(measure([Array.from({ length: 12 }, (_, index) => index + 1)]).ndcg10).toBeCloseTo(1);
  });

  it("is 0 of nothing", () => {
    expect(measure([])).toEqual({ questions: 0, recall: { 1: 0, 5: 0, 10: 0, 20: 0 }, mrr: 0, ndcg10: 0 });
  });
});

describe("percentile", () => {
  it("is the nearest rank", () => {
    expect([percentile([3, 1, 2], 0.5), percentile([4, 1, 3, 2], 0.5), percentile([1, 2, 3], 0.95)]).toEqual([2, 2, 3]);
    expect(percentile([], 0.5)).toBe(0);
  });
});
