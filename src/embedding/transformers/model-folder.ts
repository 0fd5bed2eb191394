import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { ModelFailure } from "../model-failure.ts";

/** What a token's vectors become one of: their mean, or the first one's own. */
export type Pooling = "mean" | "first";

/** A model as sentence-transformers lays it out. */
export interface ModelFolder {
  /** The folder's name and the first digits of the model's SHA-256: another file is another model. */
  readonly name: string;
  readonly modelFile: string;
  /** In order of ids. */
  readonly vocabulary: readonly string[];
  /** Of a text, `[CLS]` and `[SEP]` included. */
  readonly mostTokens: number;
  readonly pooling: Pooling;
}

const MODEL_FILES = ["model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx"];
const VOCABULARY = "vocab.txt";
/** What sentence-transformers trains with, where no file says otherwise. */
const DEFAULT_MOST_TOKENS = 256;
const DIGEST_DIGITS = 8;

/** Reads and checks the folder. Throws ModelFailure, which names what is missing or is not supported. */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const found = await stat(folder).catch(() => null);
  if (found === null || !found.isDirectory()) throw new ModelFailure(`CAIRN_MODEL_DIR: there is no folder ${folder}`);
  const modelFile = await firstOf(folder, MODEL_FILES);
  if (modelFile === null) throw new ModelFailure(`CAIRN_MODEL_DIR: ${folder} has none of ${MODEL_FILES.join(", ")}`);
  await checkTokenizer(folder);
  const digest = (await sha256Of(modelFile)).slice(0, DIGEST_DIGITS);
  return {
    name: `${basename(resolve(folder))}@${digest}`,
    modelFile,
    vocabulary: await readVocabulary(folder),
    mostTokens: await readMostTokens(folder),
    pooling: await readPooling(folder),
  };
}

async function firstOf(folder: string, names: readonly string[]): Promise<string | null> {
  for (const name of names) {
    const file = join(folder, name);
    if ((await stat(file).catch(() => null))?.isFile()) return file;
  }
  return null;
}

/** Cairn has BERT uncased's tokenizer alone; another one's ids would make vectors of nonsense. */
async function checkTokenizer(folder: string): Promise<void> {
  const config = (await readJson(join(folder, "tokenizer_config.json"))) ?? {};
  const kind = config.tokenizer_class ?? "BertTokenizer";
  const isBert = typeof kind === "string" && /^(Distil)?Bert/.test(kind);
  if (!isBert || config.do_lower_case === false)
    throw new ModelFailure(
      `CAIRN_MODEL_DIR: ${folder} has a tokenizer other than BERT uncased's, which is the only one supported`,
    );
}

async function readVocabulary(folder: string): Promise<readonly string[]> {
  const file = join(folder, VOCABULARY);
  const text = await readFile(file, "utf8").catch((error: Error) => {
    throw new ModelFailure(`CAIRN_MODEL_DIR: cannot read ${file}: ${error.message}`, error);
  });
  const tokens = text.replace(/\r?\n$/, "").split(/\r?\n/);
  for (const needed of ["[UNK]", "[CLS]", "[SEP]"])
    if (!tokens.includes(needed)) throw new ModelFailure(`CAIRN_MODEL_DIR: ${file} has no token ${needed}`);
  return tokens;
}

async function readMostTokens(folder: string): Promise<number> {
  const sentence = await readJson(join(folder, "sentence_bert_config.json"));
  const model = await readJson(join(folder, "config.json"));
  const asked = positive(sentence?.max_seq_length) ?? DEFAULT_MOST_TOKENS;
  return Math.min(asked, positive(model?.max_position_embeddings) ?? asked);
}

function positive(value: unknown): number | null {
  return typeof value === "number" && Number.isInteger(value) && value > 2 ? value : null;
}

async function readPooling(folder: string): Promise<Pooling> {
  const file = join(folder, "1_Pooling/config.json");
  const config = await readJson(file);
  if (config === null || config.pooling_mode_mean_tokens === true) return "mean";
  if (config.pooling_mode_cls_token === true) return "first";
  throw new ModelFailure(`CAIRN_MODEL_DIR: ${file} asks for neither the mean of the tokens nor the first one`);
}

/** Null where there is no such file. */
async function readJson(file: string): Promise<Record<string, unknown> | null> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new ModelFailure(`CAIRN_MODEL_DIR: cannot read ${file}: ${(error as Error).message}`, error);
  }
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null) return parsed as Record<string, unknown>;
  } catch {
    // Told below, with the file's name.
  }
  throw new ModelFailure(`CAIRN_MODEL_DIR: ${file} is not a JSON object`);
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}
