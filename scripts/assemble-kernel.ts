/** `npm run generate:kernel`: assembles the WebAssembly kernel of the static model into the module that is committed. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import loadWabt from "wabt";

const folder = join(import.meta.dirname, "../src/embedding/static");
const KERNEL_MODULE = join(folder, "dot-kernel-binary.ts");

/** The module's text as it must be for today's source. */
export async function kernelModule(): Promise<string> {
  const wabt = await loadWabt();
  const parsed = wabt.parseWat("dot-kernel.wat", readFileSync(join(folder, "dot-kernel.wat"), "utf8"), { simd: true });
  try {
    parsed.validate();
    const base64 = Buffer.from(parsed.toBinary({}).buffer).toString("base64");
    const lines = (base64.match(/.{1,110}/g) ?? []).map((line) => `  "${line}",`);
    return [
      "// Assembled from dot-kernel.wat by scripts/assemble-kernel.ts: do not edit.",
      "",
      "/** The kernel's WebAssembly module, base64. */",
      `export const DOT_KERNEL_BINARY: string = [\n${lines.join("\n")}\n].join("");`,
      "",
    ].join("\n");
  } finally {
    parsed.destroy();
  }
}

if (import.meta.main) writeFileSync(KERNEL_MODULE, await kernelModule());
