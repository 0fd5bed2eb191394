import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { differingFiles } from "./differing-files.ts";
import { generatedFolders, generateInto } from "./generate-into.ts";

/** Generates anew beside the repository and answers the generated files that are not as they should be; empty: all is fresh. */
export function staleFiles(root: string): string[] {
  const fresh = mkdtempSync(join(tmpdir(), "cairn-generation-"));
  try {
    generateInto(fresh);
    return generatedFolders.flatMap((folder) => differingFiles(root, fresh, folder));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
