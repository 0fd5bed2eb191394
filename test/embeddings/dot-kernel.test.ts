import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { kernelModule } from "../../scripts/assemble-kernel.ts";
import { loadStaticModel } from "../../src/embedding/static/load-static-model.ts";
import { kernelDots, MOST_QUERY_IDS, plainDots } from "../../src/embedding/static/token-dots.ts";

const root = join(import.meta.dirname, "../..");

describe("the kernel of dot products", () => {
  it("is what its source assembles to", async () => {
    const committed = readFileSync(join(root, "src/embedding/static/dot-kernel-binary.ts"), "utf8");
    expect(committed).toBe(await kernelModule());
  });

  it.each([
    [1, 1],
    [7, 900],
    [3, 1024],
    [5, 2500],
    [MOST_QUERY_IDS, 1100],
    [4, 0],
    [0, 4],
  ])("gives the same integers as plain JavaScript for %i × %i tokens", async (queryCount, docCount) => {
    const model = await loadStaticModel(join(root, "models/static-v1"));
    const kernel = kernelDots(model);
    if (kernel === null) throw new Error("this engine has no SIMD");
    const last = model.scales.length - 1;
    const queryIds = Int32Array.from({ length: queryCount }, (_, i) => last - i * 13);
    const docIds = Int32Array.from({ length: docCount }, (_, i) => (last - i * 7 + last) % (last + 1));
    const [fast, plain] = [kernel, plainDots(model)].map((dots) => {
      const out = new Int32Array(queryCount * docCount);
      dots(queryIds, docIds, out);
      return out;
    });
    expect(fast).toEqual(plain);
    if (queryCount * docCount > 0) expect(plain?.some((product) => product < 0 || product > 0)).toBe(true);
  });

  it("leaves rows whose length is no multiple of its width to plain JavaScript", async () => {
    const model = await loadStaticModel(join(root, "models/static-v1"));
    expect(kernelDots({ ...model, dimensions: 250 })).toBeNull();
  });
});
