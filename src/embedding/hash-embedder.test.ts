import { describe, expect, it } from "vitest";
import { hashEmbedder } from "./hash-embedder.ts";

const signal = new AbortController().signal;

async function vectorOf(text: string): Promise<Float32Array> {
  const [vector] = await hashEmbedder().embed([text], signal);
  if (vector === null || vector === undefined) throw new Error(`no vector for ${text}`);
  return vector;
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

describe("hashEmbedder", () => {
  it("makes vectors of 256 dimensions and unit length", async () => {
    for (const text of [
      "one",
      "Sarah's team is stretched thin",
      "日本語のテキスト",
      "x".repeat(3000),
      "a ".repeat(2000),
    ]) {
      const vector = await vectorOf(text);
      expect(vector).toHaveLength(256);
      expect(dot(vector, vector)).toBeCloseTo(1, 5);
    }
  });

  it("gives the same text the same vector, in any instance and any company", async () => {
    const alone = await vectorOf("Called the customer about pricing");
    const [, among] = await hashEmbedder().embed(["other", "Called the customer about pricing", "more"], signal);
    expect(among).toEqual(alone);
  });

  it("keeps to the vectors it has always made", async () => {
    const vector = await vectorOf("memory");
    const largest = vector.reduce((best, value, i) => (Math.abs(value) > Math.abs(vector[best] ?? 0) ? i : best), 0);
    expect([largest, vector[largest]?.toFixed(4)]).toEqual(GOLDEN);
  });

  it("has no vector for a text without a letter or digit", async () => {
    expect(await hashEmbedder().embed(["", " \n", "?! — …", "🙂"], signal)).toEqual([null, null, null, null]);
  });

  it("brings shared words, other forms of a word and a shared stem of an unspaced script together", async () => {
    const query = await vectorOf("stretched thin on follow-up");
    const fits = await vectorOf("Pitched follow-up sequences. Angle: their team is stretched thin.");
    const other = await vectorOf("Invoice number nine was paid late in March by the vendor.");
    expect(dot(query, fits)).toBeGreaterThan(dot(query, other) + 0.3);
    expect(dot(await vectorOf("negotiating"), await vectorOf("negotiated"))).toBeGreaterThan(0.3);
    expect(dot(await vectorOf("東京都"), await vectorOf("東京"))).toBeGreaterThan(0.3);
  });

  it("folds case and compatibility forms, whichever characters stand beside them", async () => {
    expect(dot(await vectorOf("PRICING"), await vectorOf("pricing"))).toBeCloseTo(1, 5);
    expect(dot(await vectorOf("ｐｒｉｃｉｎｇ"), await vectorOf("pricing"))).toBeCloseTo(1, 5);
    expect(dot(await vectorOf("pricing …"), await vectorOf("pricing"))).toBeCloseTo(1, 5);
  });

  it("rejects with the reason of an aborted signal", async () => {
    const reason = new Error("gone");
    await expect(hashEmbedder().embed(["a"], AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

/** Dimension and value of the largest entry for "memory"; a change of either strands every stored vector. */
const GOLDEN = [237, "-0.5547"];
