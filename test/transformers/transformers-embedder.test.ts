import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findOnnxRuntime } from "../../src/embedding/transformers/onnx-runtime.ts";
import {
  type TransformersEmbedder,
  transformersEmbedder,
} from "../../src/embedding/transformers/transformers-embedder.ts";
import { rest } from "../app/rest.ts";
import { serveApp } from "../app/served-app.ts";

const FOLDER = join(import.meta.dirname, "../../.cache/transformers/all-MiniLM-L6-v2");
const never = new AbortController().signal;
const LONG = "The quarterly report is due on Friday; ask Priya for the figures. ".repeat(40);
/** 8-bit kernels round differently from one processor to the next. */
const LEAST_COSINE = 0.995;

function isFetched(): boolean {
  try {
    findOnnxRuntime();
    return existsSync(FOLDER);
  } catch {
    return false;
  }
}

function dot(a: Float32Array | null | undefined, b: ArrayLike<number>): number {
  return (a ?? new Float32Array()).reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

describe.skipIf(process.env.CAIRN_TEST_REQUIRE_TRANSFORMERS !== "1" && !isFetched())("a sentence transformer", () => {
  let embedder: TransformersEmbedder;
  beforeAll(async () => {
    embedder = await transformersEmbedder(FOLDER);
  });
  afterAll(() => embedder?.close());

  it("is named for its folder and its file, and tells its dimensions", () => {
    expect(embedder).toMatchObject({ model: "transformers:all-MiniLM-L6-v2@8199be6f", dimensions: 384, local: false });
  });

  it("makes the vectors that the reference tokenizer and Python's runtime make", async () => {
    const golden: { text: string; vector: number[] }[] = JSON.parse(
      readFileSync(join(import.meta.dirname, "minilm.golden.json"), "utf8"),
    );
    const vectors = await embedder.embed(
      golden.map(({ text }) => text),
      never,
    );
    expect(golden).toHaveLength(5);
    for (const [i, { text, vector }] of golden.entries()) {
      expect({ text, near: dot(vectors[i], vector) > LEAST_COSINE }).toEqual({ text, near: true });
      expect(dot(vectors[i], vectors[i] ?? [])).toBeCloseTo(1, 5);
    }
  });

  it("has no vector for a text without a token that it knows", async () => {
    const [none, blank, some] = await embedder.embed(["🙂", " \n", "🙂 hello"], never);
    expect([none, blank]).toEqual([null, null]);
    expect(some).toHaveLength(384);
  });

  it("reads the beginning of a text that is longer than the model takes", async () => {
    const [long, longer] = await embedder.embed([LONG, `${LONG}${LONG}`], never);
    expect(dot(long, longer ?? [])).toBeCloseTo(1, 5);
  });

  it("leaves the event loop free while it runs", async () => {
    const before = performance.eventLoopUtilization();
    await embedder.embed(Array(12).fill(LONG), never);
    // A model that ran in the loop would leave it next to nothing, however busy the machine.
    expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.6);
  });

  it("stops at once when the caller gives up, with the caller's own reason", async () => {
    const reason = new Error("the caller left");
    const stop = new AbortController();
    const began = performance.now();
    await embedder.embed(Array(5).fill(LONG), never);
    const tenth = performance.now() - began;
    const running = embedder.embed(Array(50).fill(LONG), stop.signal);
    setTimeout(() => stop.abort(reason), 20);
    const left = performance.now();
    await expect(running).rejects.toBe(reason);
    // Sooner than half of the texts.
    expect(performance.now() - left).toBeLessThan(5 * tenth);
    await expect(embedder.embed(["a"], AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it("refuses a file that is no model, and names it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cairn-model-"));
    try {
      cpSync(join(FOLDER, "vocab.txt"), join(folder, "vocab.txt"));
      writeFileSync(join(folder, "model.onnx"), "not a model");
      await expect(transformersEmbedder(folder)).rejects.toThrow(
        `CAIRN_MODEL_DIR: cannot run ${join(folder, "model.onnx")}:`,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("serves: a memory is found by what it means", async () => {
    const env = { EMBEDDING_PROVIDER: "transformers", CAIRN_MODEL_DIR: FOLDER, EMBEDDING_BUDGET_MS: "30000" };
    const app = await serveApp("pglite", { env });
    try {
      const credentials = { key: app.rootKey };
      for (const content of ["My dog Biscuit is afraid of storms.", "The invoice was paid by the vendor in March."])
        expect((await rest(app, credentials, "POST /api/v1/memories", { kind: "note", content })).status).toBe(201);
      const query = { query: "Which pet fears loud weather?", mode: "SEARCH_MODE_SEMANTIC" };
      const { text } = await rest(app, credentials, "POST /api/v1/memories:search", query);
      const [first] = text.trim().split("\n");
      expect(first).toContain("Biscuit");
      expect(text).toContain("transformers:all-MiniLM-L6-v2@8199be6f");
    } finally {
      await app.close();
    }
  });
});
