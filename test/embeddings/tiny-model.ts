import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** One token of a model made for a test. */
export interface TinyToken {
  readonly token: string;
  readonly row: readonly number[];
  readonly scale?: number;
  readonly count?: number;
}

export const SPECIALS: readonly string[] = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];

/** The folder of a model with the special tokens, at zero, followed by these; of format 1, with its checksums. */
export function writeTinyModel(folder: string, tokens: readonly TinyToken[]): string {
  const dimensions = tokens[0]?.row.length ?? 0;
  const none = { row: new Array<number>(dimensions).fill(0), scale: 0, count: 0 };
  const all: TinyToken[] = [...SPECIALS.map((token) => ({ token, ...none })), ...tokens];
  const bytes = new ArrayBuffer(32 + 8 * all.length + all.length * dimensions);
  const view = new DataView(bytes);
  Buffer.from(bytes).write("CAIRNVEC", "latin1");
  for (const [i, value] of [1, all.length, dimensions].entries()) view.setUint32(8 + 4 * i, value, true);
  for (const [id, { row, scale, count }] of all.entries()) {
    view.setFloat32(32 + 4 * id, scale ?? 1, true);
    view.setUint32(32 + 4 * all.length + 4 * id, count ?? 1, true);
    for (const [i, value] of row.entries()) view.setInt8(32 + 8 * all.length + id * dimensions + i, value);
  }
  mkdirSync(folder, { recursive: true });
  const files = {
    "token-vectors.bin": Buffer.from(bytes),
    "vocabulary.txt": Buffer.from(all.map(({ token }) => `${token}\n`).join("")),
  };
  const sums = Object.entries(files).map(([name, content]) => {
    writeFileSync(join(folder, name), content);
    return `${createHash("sha256").update(content).digest("hex")}  ${name}\n`;
  });
  writeFileSync(join(folder, "SHA256SUMS"), sums.join(""));
  return folder;
}
