import { createHash } from "node:crypto";
import { type FileHandle, open, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { ModelFailure } from "../model-failure.ts";
import type { StaticModel } from "./static-model.ts";
import { KERNEL_SCRATCH_BYTES } from "./token-dots.ts";
import { WordPieceTokenizer } from "./word-piece-tokenizer.ts";

const VECTORS = "token-vectors.bin";
const VOCABULARY = "vocabulary.txt";
const SUMS = "SHA256SUMS";
const MAGIC = "CAIRNVEC";
const FORMAT_VERSION = 1;
const HEADER_BYTES = 32;
const PAGE_BYTES = 65_536;

/**
 * Reads the files that tools/distill/FORMAT.md describes and checks them against their sums. Throws ModelFailure, which names
 * the file: absent, truncated, damaged, or not of this format.
 */
export async function loadStaticModel(folder: string): Promise<StaticModel> {
  const sums = readSums(await readText(join(folder, SUMS)), join(folder, SUMS));
  const vocabularyFile = join(folder, VOCABULARY);
  const vocabulary = await readText(vocabularyFile);
  checkSum(vocabularyFile, Buffer.from(vocabulary), sums.get(VOCABULARY));
  const tokens = vocabulary.split("\n").slice(0, -1);
  const vectorsFile = join(folder, VECTORS);
  const { bytes, memory } = await readVectors(vectorsFile);
  const { size, dimensions } = checkHeader(vectorsFile, bytes);
  checkSum(vectorsFile, bytes, sums.get(VECTORS));
  if (tokens.length !== size)
    throw new ModelFailure(`${vocabularyFile} has ${tokens.length} tokens, ${vectorsFile} ${size} rows`);
  const countsAt = HEADER_BYTES + 4 * size;
  return {
    name: basename(folder),
    dimensions,
    tokenizer: new WordPieceTokenizer(tokens),
    scales: new Float32Array(bytes.buffer, HEADER_BYTES, size),
    counts: new Uint32Array(bytes.buffer, countsAt, size),
    rows: new Int8Array(bytes.buffer, countsAt + 4 * size, size * dimensions),
    memory,
  };
}

/** The file at byte 0 of a memory that the kernel can work on, so that the rows are never copied. */
async function readVectors(file: string): Promise<{ bytes: Uint8Array<ArrayBuffer>; memory: WebAssembly.Memory }> {
  const handle = await open(file).catch((error: Error) => {
    throw new ModelFailure(`cannot read the model's file ${file}: ${error.message}`, error);
  });
  try {
    const { size } = await handle.stat();
    const memory = new WebAssembly.Memory({ initial: Math.ceil((size + KERNEL_SCRATCH_BYTES) / PAGE_BYTES) });
    const bytes = new Uint8Array(memory.buffer as ArrayBuffer, 0, size);
    await fill(handle, bytes);
    return { bytes, memory };
  } finally {
    await handle.close();
  }
}

async function fill(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, at, bytes.length - at, at);
    if (bytesRead === 0) return;
    at += bytesRead;
  }
}

function checkHeader(file: string, bytes: Uint8Array): { size: number; dimensions: number } {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || Buffer.from(bytes.subarray(0, MAGIC.length)).toString("latin1") !== MAGIC)
    throw new ModelFailure(`${file} is not a file of token vectors`);
  const version = header.getUint32(8, true);
  if (version !== FORMAT_VERSION)
    throw new ModelFailure(`${file} is of format ${version}; this Cairn reads format ${FORMAT_VERSION}`);
  const size = header.getUint32(12, true);
  const dimensions = header.getUint32(16, true);
  const wanted = HEADER_BYTES + 8 * size + size * dimensions;
  if (dimensions === 0 || bytes.length !== wanted)
    throw new ModelFailure(`${file} is damaged: ${bytes.length} bytes where its header says ${wanted}`);
  return { size, dimensions };
}

function readSums(text: string, file: string): ReadonlyMap<string, string> {
  const lines = text.split("\n").filter((line) => line !== "");
  return new Map(
    lines.map((line) => {
      const [, sum, name] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
      if (sum === undefined || name === undefined) throw new ModelFailure(`${file} is damaged: a line is no checksum`);
      return [name, sum];
    }),
  );
}

function checkSum(file: string, bytes: Uint8Array, wanted: string | undefined): void {
  if (wanted === undefined) throw new ModelFailure(`${file} has no checksum in ${SUMS}`);
  const sum = createHash("sha256").update(bytes).digest("hex");
  if (sum !== wanted) throw new ModelFailure(`${file} is damaged: its SHA-256 is ${sum} instead of ${wanted}`);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new ModelFailure(`cannot read the model's file ${file}: ${(error as Error).message}`, error);
  }
}
