import { describe, expect, it } from "vitest";
import { cutPage, pageSizeOf } from "./page.ts";

describe("pageSizeOf()", () => {
  it("takes 50 for none and coerces down to 100", () => {
    expect([0, 1, 100, 101, 2_000_000_000].map(pageSizeOf)).toEqual([50, 1, 100, 100, 100]);
  });
});

describe("cutPage()", () => {
  it("says whether there is more", () => {
    expect(cutPage([1, 2, 3], 2)).toEqual({ items: [1, 2], more: true });
    expect(cutPage([1, 2], 2)).toEqual({ items: [1, 2], more: false });
  });

  it("ends early at 2 MiB and never before the first item", () => {
    const mebibyte = 1024 * 1024;
    expect(cutPage([1, 2, 3], 10, () => mebibyte)).toEqual({ items: [1, 2], more: true });
    expect(cutPage([1, 2], 10, () => 3 * mebibyte)).toEqual({ items: [1], more: true });
  });
});
