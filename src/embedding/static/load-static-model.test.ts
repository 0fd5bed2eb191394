import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeTinyModel } from "../../../test/embeddings/tiny-model.ts";
import { ModelFailure } from "../model-failure.ts";
import { loadStaticModel } from "./load-static-model.ts";

let root: string;
let sound: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "cairn-model-"));
  sound = writeTinyModel(join(root, "tiny-v3"), [
    { token: "red", row: [127, -3], scale: 0.5, count: 9 },
    { token: "blue", row: [-127, 64] },
  ]);
});
afterAll(() => rmSync(root, { recursive: true }));

/** A copy of the sound model with something done to one file. */
function broken(name: string, file: string, change: (path: string) => void): string {
  const folder = join(root, name);
  cpSync(sound, folder, { recursive: true });
  change(join(folder, file));
  return folder;
}

async function failureOf(folder: string): Promise<string> {
  const error = await loadStaticModel(folder).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ModelFailure);
  return (error as ModelFailure).message;
}

function overwrite(at: number, value: number) {
  return (file: string) => {
    const bytes = readFileSync(file);
    bytes[at] = value;
    writeFileSync(file, bytes);
  };
}

describe("loadStaticModel", () => {
  it("reads name, dimensions, scales, counts and rows", async () => {
    const model = await loadStaticModel(sound);
    expect(model).toMatchObject({ name: "tiny-v3", dimensions: 2 });
    expect(model.tokenizer.idsOf("Red blue")).toEqual([4, 5]);
    expect([...model.scales]).toEqual([0, 0, 0, 0, 0.5, 1]);
    expect([...model.counts]).toEqual([0, 0, 0, 0, 9, 1]);
    expect([...model.rows.subarray(8)]).toEqual([127, -3, -127, 64]);
  });

  it("names the file that is missing", async () => {
    for (const file of ["token-vectors.bin", "vocabulary.txt", "SHA256SUMS"]) {
      const folder = broken(`without-${file}`, file, (path) => rmSync(path));
      expect(await failureOf(folder)).toContain(join(folder, file));
    }
  });

  it("refuses a file of another length, kind or format, and says which", async () => {
    const file = "token-vectors.bin";
    const cut = broken("cut", file, (path) => truncateSync(path, 91));
    expect(await failureOf(cut)).toBe(`${join(cut, file)} is damaged: 91 bytes where its header says 92`);
    expect(await failureOf(broken("empty", file, (path) => truncateSync(path, 0)))).toContain(
      "not a file of token vectors",
    );
    expect(await failureOf(broken("foreign", file, overwrite(0, 0x58)))).toContain("not a file of token vectors");
    expect(await failureOf(broken("newer", file, overwrite(8, 2)))).toContain("format 2; this Cairn reads format 1");
  });

  it("refuses a file in which one bit has changed", async () => {
    const folder = broken("flipped", "token-vectors.bin", overwrite(91, 65));
    expect(await failureOf(folder)).toMatch(/token-vectors\.bin is damaged: its SHA-256 is [0-9a-f]{64} instead of/);
    expect(await failureOf(broken("words", "vocabulary.txt", overwrite(0, 65)))).toContain("vocabulary.txt is damaged");
  });

  it("refuses sums that are none, or that leave a file out", async () => {
    expect(await failureOf(broken("garbled", "SHA256SUMS", overwrite(0, 90)))).toContain("SHA256SUMS is damaged");
    const none = broken("unsummed", "SHA256SUMS", (path) => writeFileSync(path, ""));
    expect(await failureOf(none)).toContain("vocabulary.txt has no checksum");
  });
});
