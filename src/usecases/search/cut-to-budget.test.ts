import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CUT_MARK, cutToBudget } from "./cut-to-budget.ts";

const characters = async (text: string) => text.length;

describe("cutToBudget", () => {
  it("keeps as many words as fit, and marks the cut", async () => {
    expect(await cutToBudget("one two three four", 14, characters)).toBe("one two […]");
  });

  it("cuts within a word that has no end nearby", async () => {
    expect(await cutToBudget("x".repeat(100), 20, characters)).toBe(`${"x".repeat(16)}${CUT_MARK}`);
  });

  it("is null where not one character fits", async () => {
    expect(await cutToBudget("one two", 4, characters)).toBeNull();
    expect(await cutToBudget("", 100, characters)).toBeNull();
  });

  it("never exceeds the budget and never splits a character, whatever the text and the counter", async () => {
    const text = fc.string({ unit: "binary", minLength: 2, maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 60 }), async (given, budget) => {
        // A counter whose costs jump about, as a tokenizer's do.
        const costOf = async (cut: string) => Math.ceil(cut.length / 2) + (cut.length % 3);
        const cut = await cutToBudget(given, budget, costOf);
        if (cut === null) return;
        expect(await costOf(cut)).toBeLessThanOrEqual(budget);
        expect(cut.endsWith(CUT_MARK)).toBe(true);
        expect(cut.isWellFormed()).toBe(true);
        expect(given.startsWith(cut.slice(0, -CUT_MARK.length))).toBe(true);
      }),
    );
  });
});
