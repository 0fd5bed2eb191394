import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { differingFiles } from "./differing-files.ts";
import type { Target } from "./generation/target.ts";

/** Generates a target anew beside the repository and answers its files that are not as they should be; empty: all is fresh. */
export async function staleFiles(root: string, target: Target): Promise<string[]> {
  const fresh = mkdtempSync(join(tmpdir(), "cairn-generation-"));
  try {
    await target.generate(fresh);
    return target.folders.flatMap((folder) => differingFiles(root, fresh, folder));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
