import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Pooling } from "./model-folder.ts";
import { OnnxThread } from "./onnx-thread.ts";

/**
 * Stands in for onnxruntime-node, which is not installed here: token t becomes [t, 2t, 1]. 13 fails, 99 ends the thread, 7 has
 * no end, and a model file named `wide` answers with four dimensions of shape.
 */
const RUNTIME = `
class Tensor { constructor(type, data, dims) { Object.assign(this, { type, data, dims }); } }
const InferenceSession = {
  async create(file, options) {
    if (file === "damaged") throw new Error("no such graph");
    return {
      inputNames: file === "strange" ? ["pixels"] : ["input_ids", "attention_mask"],
      outputNames: ["pooled", "last_hidden_state"],
      async run(feeds) {
        const ids = [...feeds.input_ids.data].map(Number);
        if ([...feeds.attention_mask.data].some((one) => one !== 1n)) throw new Error("a mask");
        if (ids.includes(13)) throw new Error("thirteen");
        if (ids.includes(99)) process.exit(3);
        if (ids.includes(7)) await new Promise(() => setInterval(() => {}, 1000));
        const data = Float32Array.from(ids.flatMap((id) => [id, 2 * id, 1]));
        const dims = file === "wide" ? [1, 1, ids.length, 3] : [1, ids.length, 3];
        return { pooled: null, last_hidden_state: new Tensor("float32", data, dims) };
      },
    };
  },
};
module.exports = { Tensor, InferenceSession };
`;

const never = new AbortController().signal;
let folder: string;
let runtimeFile: string;
const threads: OnnxThread[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cairn-onnx-"));
  runtimeFile = join(folder, "runtime.cjs");
  writeFileSync(runtimeFile, RUNTIME);
});
afterAll(async () => {
  await Promise.all(threads.map((thread) => thread.close()));
  rmSync(folder, { recursive: true });
});

function open(modelFile = "model", pooling: Pooling = "mean"): OnnxThread {
  const thread = new OnnxThread({ runtimeFile, modelFile, pooling, threads: 1 });
  threads.push(thread);
  return thread;
}

describe("OnnxThread", () => {
  it("answers each caller with the sum of its own tokens' vectors", async () => {
    const thread = open();
    const [one, two] = await Promise.all([thread.run([1, 2, 3], never), thread.run([10], never)]);
    expect([[...one], [...two]]).toEqual([
      [6, 12, 3],
      [10, 20, 1],
    ]);
  });

  it("answers with the first token's vector where the model is pooled so", async () => {
    expect([...(await open("model", "first").run([5, 6], never))]).toEqual([5, 10, 1]);
  });

  it("passes a failure on in the runtime's words, and runs the next text", async () => {
    const thread = open();
    await expect(thread.run([13], never)).rejects.toThrow("thirteen");
    expect([...(await thread.run([1], never))]).toEqual([1, 2, 1]);
  });

  it("fails all that wait when the thread ends, and starts another for the next text", async () => {
    const thread = open();
    const fates = await Promise.allSettled([thread.run([99], never), thread.run([1], never)]);
    expect(fates.map((fate) => fate.status === "rejected" && String(fate.reason))).toEqual(
      Array(2).fill("Error: its thread ended with code 3"),
    );
    expect([...(await thread.run([1], never))]).toEqual([1, 2, 1]);
  });

  it("lets a caller go with its own reason, though the run has no end", async () => {
    const thread = open();
    const reason = new Error("the caller left");
    const stop = new AbortController();
    const running = thread.run([7], stop.signal);
    setTimeout(() => stop.abort(reason), 10);
    await expect(running).rejects.toBe(reason);
  });

  it("says why a model cannot be run", async () => {
    await expect(open("damaged").run([1], never)).rejects.toThrow("no such graph");
    await expect(open("strange").run([1], never)).rejects.toThrow("the model wants an input pixels");
    await expect(open("wide").run([1], never)).rejects.toThrow("1 × 1 × 1 × 3 instead of one vector a token");
  });
});
