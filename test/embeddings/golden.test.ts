import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { loadStaticModel } from "../../src/embedding/static/load-static-model.ts";
import { staticEmbedder } from "../../src/embedding/static/static-embedder.ts";
import type { StaticModel } from "../../src/embedding/static/static-model.ts";

const MODEL = join(import.meta.dirname, "../../models/static-v1");
const TOLERANCE = 1e-5;

function golden<T>(name: string): readonly T[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, name), "utf8"));
}

let model: StaticModel;
beforeAll(async () => {
  model = await loadStaticModel(MODEL);
});

describe("the shipped model", () => {
  it("cuts every golden text into the reference tokenizer's ids", () => {
    const texts = golden<{ text: string; ids: number[] }>("tokens.golden.json");
    expect(texts.length).toBeGreaterThan(100);
    for (const { text, ids } of texts) expect({ text, ids: model.tokenizer.idsOf(text) }).toEqual({ text, ids });
  });

  it("makes the vectors that its maker made", async () => {
    const texts = golden<{ text: string; vector: number[] | null }>("vectors.golden.json");
    const vectors = await staticEmbedder(model).embed(
      texts.map(({ text }) => text),
      new AbortController().signal,
    );
    expect(texts.length).toBeGreaterThan(10);
    for (const [i, { text, vector }] of texts.entries()) {
      const made = vectors[i] ?? null;
      expect({ text, isNull: made === null }).toEqual({ text, isNull: vector === null });
      expect(made?.length).toBe(vector?.length);
      const worst = Math.max(0, ...(vector ?? []).map((value, at) => Math.abs(value - (made?.[at] ?? Number.NaN))));
      expect({ text, worst: worst < TOLERANCE ? 0 : worst }).toEqual({ text, worst: 0 });
    }
  });
});
