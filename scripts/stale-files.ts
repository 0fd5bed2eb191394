import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generatedFolders, generateInto } from "./generate-into.ts";

/**
 * Generates anew beside the repository and answers the files below gen/ that differ, are missing or should not be
 * there: `gen/server/cairn/v1/memory_pb.ts (differs)`. Empty: all is fresh.
 */
export function staleFiles(root: string): string[] {
  const fresh = mkdtempSync(join(tmpdir(), "cairn-generation-"));
  try {
    generateInto(fresh);
    return generatedFolders.flatMap((folder) => differences(root, fresh, folder));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function differences(root: string, fresh: string, folder: string): string[] {
  const present = filesOf(join(root, folder));
  const wanted = filesOf(join(fresh, folder));
  const stale: string[] = [];
  for (const file of new Set([...present, ...wanted])) {
    const path = join(folder, file);
    if (!wanted.has(file)) stale.push(`${path} (no longer generated)`);
    else if (!present.has(file)) stale.push(`${path} (missing)`);
    else if (!readFileSync(join(root, path)).equals(readFileSync(join(fresh, path)))) stale.push(`${path} (differs)`);
  }
  return stale.sort();
}

function filesOf(folder: string): Set<string> {
  if (!existsSync(folder)) return new Set();
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Set(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)),
  );
}
