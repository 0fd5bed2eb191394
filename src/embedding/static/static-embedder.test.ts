import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeTinyModel } from "../../../test/embeddings/tiny-model.ts";
import type { Embedder } from "../../domain/ports/embedder.ts";
import { loadStaticModel } from "./load-static-model.ts";
import { staticEmbedder } from "./static-embedder.ts";

const never = new AbortController().signal;
let root: string;
let embedder: Embedder;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "cairn-model-"));
  const folder = writeTinyModel(join(root, "tiny-v1"), [
    { token: "red", row: [100, 0, 0], scale: 0.03 },
    { token: "blue", row: [0, 100, 0], scale: 0.04 },
    { token: "mute", row: [0, 0, 0], scale: 0 },
    { token: "anti", row: [-100, 0, 0], scale: 0.03 },
  ]);
  embedder = staticEmbedder(await loadStaticModel(folder));
});
afterAll(() => rmSync(root, { recursive: true }));

async function vectorOf(text: string): Promise<number[] | null> {
  const [vector] = await embedder.embed([text], never);
  return vector ? [...vector].map((value) => Math.round(value * 1e6) / 1e6) : null;
}

describe("staticEmbedder", () => {
  it("names the model's folder and needs no network", () => {
    expect(embedder).toMatchObject({ model: "tiny-v1", dimensions: 3, local: true });
  });

  it("adds up the tokens' vectors, each as often as it comes, at unit length", async () => {
    expect(await vectorOf("red blue")).toEqual([0.6, 0.8, 0]);
    expect(await vectorOf("Blue, RED!")).toEqual([0.6, 0.8, 0]);
    expect(await vectorOf("red ".repeat(16) + "blue ".repeat(9))).toEqual([0.8, 0.6, 0]);
  });

  it("lets an unknown word change nothing", async () => {
    expect(await vectorOf("red zebra blue")).toEqual([0.6, 0.8, 0]);
  });

  it("has no vector for a text without a token that tells anything, or whose tokens cancel out", async () => {
    for (const text of ["", " \n", "zebra", "🙂", "mute", "red anti"]) expect(await vectorOf(text)).toBeNull();
  });

  it("answers in the order of the texts", async () => {
    const vectors = await embedder.embed(["blue", "zebra", "red"], never);
    expect(vectors.map((vector) => vector && [...vector])).toEqual([[0, 1, 0], null, [1, 0, 0]]);
  });

  it("lets other work come between long texts, and stops there where the caller gives up", async () => {
    const long = Array<string>(100).fill("red ".repeat(1000));
    let turns = 0;
    const other = setInterval(() => turns++, 0);
    await embedder.embed(long, never);
    clearInterval(other);
    expect(turns).toBeGreaterThan(2);
    const stop = new AbortController();
    const reason = new Error("gone");
    setImmediate(() => stop.abort(reason));
    await expect(embedder.embed(long, stop.signal)).rejects.toBe(reason);
  });

  it("rejects with the reason of an aborted signal", async () => {
    const reason = new Error("gone");
    await expect(embedder.embed(["red"], AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
