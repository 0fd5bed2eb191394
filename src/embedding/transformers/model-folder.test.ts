import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ModelFailure } from "../model-failure.ts";
import { readModelFolder } from "./model-folder.ts";

let root: string;
let made = 0;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "cairn-transformer-"));
});
afterAll(() => rmSync(root, { recursive: true }));

const VALID = { "model.onnx": "graph", "vocab.txt": "[PAD]\n[UNK]\n[CLS]\n[SEP]\nhello\n" };

/** A folder `mini` with these files, in place of or beside the least that a model needs; null: without. */
function folderWith(files: Readonly<Record<string, string | null>> = {}): string {
  const folder = join(root, String(made++), "mini");
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries({ ...VALID, ...files })) {
    if (content === null) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

async function failureOf(folder: string): Promise<string> {
  const error = await readModelFolder(folder).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ModelFailure);
  return (error as ModelFailure).message;
}

describe("readModelFolder", () => {
  it("needs a model and a vocabulary, and takes sentence-transformers' defaults for the rest", async () => {
    const folder = folderWith();
    expect(await readModelFolder(folder)).toEqual({
      name: "mini@eef93e1d",
      modelFile: join(folder, "model.onnx"),
      vocabulary: ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "hello"],
      mostTokens: 256,
      pooling: "mean",
    });
  });

  it("gives another model's file another name", async () => {
    const { name } = await readModelFolder(folderWith({ "model.onnx": "another graph" }));
    expect(name).toMatch(/^mini@[0-9a-f]{8}$/);
    expect(name).not.toBe("mini@eef93e1d");
  });

  it("finds the model in the folder onnx, the unabridged one first", async () => {
    const files = { "model.onnx": null, "onnx/model_quantized.onnx": "small" };
    expect((await readModelFolder(folderWith(files))).modelFile).toMatch(/onnx\/model_quantized\.onnx$/);
    expect((await readModelFolder(folderWith({ ...files, "onnx/model.onnx": "large" }))).modelFile).toMatch(
      /onnx\/model\.onnx$/,
    );
  });

  it("reads how many tokens it takes and how they are pooled", async () => {
    const files = {
      "config.json": '{"max_position_embeddings": 512}',
      "sentence_bert_config.json": '{"max_seq_length": 1024}',
      "1_Pooling/config.json": '{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}',
    };
    expect(await readModelFolder(folderWith(files))).toMatchObject({ mostTokens: 512, pooling: "first" });
  });

  it("says what is missing or not supported", async () => {
    expect(await failureOf(join(root, "nowhere"))).toContain(`there is no folder ${join(root, "nowhere")}`);
    expect(await failureOf(folderWith({ "model.onnx": null }))).toContain("has none of model.onnx, onnx/model.onnx");
    expect(await failureOf(folderWith({ "vocab.txt": null }))).toContain("vocab.txt");
    expect(await failureOf(folderWith({ "vocab.txt": "[UNK]\n[CLS]\n" }))).toContain("has no token [SEP]");
    expect(await failureOf(folderWith({ "config.json": "{" }))).toContain("config.json is not a JSON object");
    const maxed = { "1_Pooling/config.json": '{"pooling_mode_max_tokens": true}' };
    expect(await failureOf(folderWith(maxed))).toContain("neither the mean of the tokens nor the first");
  });

  it("refuses a tokenizer other than BERT uncased's", async () => {
    for (const config of ['{"tokenizer_class": "XLMRobertaTokenizer"}', '{"do_lower_case": false}'])
      expect(await failureOf(folderWith({ "tokenizer_config.json": config }))).toContain("other than BERT uncased's");
    const bert = '{"tokenizer_class": "BertTokenizer", "do_lower_case": true}';
    expect(await readModelFolder(folderWith({ "tokenizer_config.json": bert }))).toMatchObject({ pooling: "mean" });
  });
});
