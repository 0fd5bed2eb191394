import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The files below `folder` of `root` that differ from those of `fresh`, are missing or should not be there, sorted:
 * `gen/server/cairn/v1/memory_pb.ts (differs)`.
 */
export function differingFiles(root: string, fresh: string, folder: string): string[] {
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
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Set(files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)));
}
