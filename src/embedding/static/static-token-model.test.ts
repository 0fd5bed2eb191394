import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeTinyModel } from "../../../test/embeddings/tiny-model.ts";
import type { TokenModel } from "../../domain/ports/token-model.ts";
import { loadStaticModel } from "./load-static-model.ts";
import { staticTokenModel } from "./static-token-model.ts";

let root: string;
let model: TokenModel;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "cairn-model-"));
  const folder = writeTinyModel(join(root, "tiny-v1"), [
    { token: "red", row: [3, 4], scale: 0.2, count: 90 },
    { token: "crimson", row: [4, 3], scale: 0.2, count: 9 },
    { token: "sky", row: [0, 30], scale: 0.1, count: 0 },
    { token: "##line", row: [0, -30], scale: 0.1, count: 1 },
    { token: "mute", row: [0, 0], scale: 0, count: 100 },
    ...Array.from({ length: 70 }, (_, i) => ({ token: `w${i}`, row: [10, 1], scale: 0.001, count: 0 })),
  ]);
  model = staticTokenModel(await loadStaticModel(folder));
});
afterAll(() => rmSync(root, { recursive: true }));

describe("the weight of a word", () => {
  it("is −ln of the probability of its rarest piece", () => {
    expect(model.weightOf("red")).toBeCloseTo(-Math.log(90.5 / 200), 12);
    expect(model.weightOf("Sky")).toBeCloseTo(-Math.log(0.5 / 200), 12);
    expect(model.weightOf("redline")).toBeCloseTo(-Math.log(1.5 / 200), 12);
  });

  it("is 12 for a word of which the model has no piece", () => {
    for (const word of ["zebra", "🙂", ""]) expect(model.weightOf(word)).toBe(12);
  });
});

describe("late interaction", () => {
  it("is 1 where the text has every token of the query, whatever else it has", () => {
    expect(model.lateInteraction("red sky", ["sky crimson red", "red"])[0]).toBe(1);
  });

  it("takes the best cosine a token of the query, weighted by the token's length", () => {
    // red and crimson are at cosine 0.96, red and sky at 0.8; the lengths of red and sky are 1 and 3.
    const [near, both] = model.lateInteraction("red sky", ["crimson zebra", "crimson red"]);
    expect(near).toBeCloseTo((1 * 0.96 + 3 * 0.6) / 4, 12);
    expect(both).toBeCloseTo((1 * 1 + 3 * 0.8) / 4, 12);
  });

  it("counts a token of the query once", () => {
    const [once] = model.lateInteraction("red sky", ["crimson"]);
    expect(model.lateInteraction("red red red sky", ["crimson"])).toEqual([once]);
  });

  it("can be negative", () => {
    expect(model.lateInteraction("redline", ["sky"])[0]).toBeCloseTo((1 * 0.8 - 3) / 4, 12);
  });

  it("is null where query or text has no token that the model knows", () => {
    expect(model.lateInteraction("red", ["zebra", "", "mute", "red"])).toEqual([null, null, null, 1]);
    for (const query of ["zebra", "", "mute"]) expect(model.lateInteraction(query, ["red", ""])).toEqual([null, null]);
    expect(model.lateInteraction("red", [])).toEqual([]);
  });

  it("gives a text the same score in any company", () => {
    const texts = ["sky crimson", "w1 w2 w3", "crimson", "redline"];
    const together = model.lateInteraction("red sky", texts);
    expect(texts.map((text) => model.lateInteraction("red sky", [text])[0])).toEqual(together);
  });

  it("reads the first 256 tokens of a text", () => {
    const filler = "w1 ".repeat(255);
    expect(model.lateInteraction("red", [`${filler}red`, `w1 ${filler}red`]).map((score) => score === 1)).toEqual([
      true,
      false,
    ]);
  });

  it("asks with the 64 weightiest tokens of a long query", () => {
    const long = Array.from({ length: 70 }, (_, i) => `w${i}`).join(" ");
    const [score] = model.lateInteraction(`${long} sky`, ["sky"]);
    const light = 0.001 * Math.sqrt(101);
    expect(score).toBeCloseTo((3 + 63 * light * (1 / Math.sqrt(101))) / (3 + 63 * light), 7);
  });
});
