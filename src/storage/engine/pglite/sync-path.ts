import { closeSync, fsyncSync, openSync } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";

/** More than Node's pool of threads runs at one time, so that none of them waits for us. */
const AT_ONCE = 16;

/** What systems answer where a folder cannot be opened or synced: there its entries need no sync of ours. */
const NOT_FOR_FOLDERS: ReadonlySet<string | undefined> = new Set(["EACCES", "EBADF", "EINVAL", "EISDIR", "EPERM"]);

/** Returns once the folder's entries are on the disk: new names, renames and removals. */
export function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, "r");
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (!NOT_FOR_FOLDERS.has((error as NodeJS.ErrnoException).code)) throw error;
  }
}

/** The same for the folders above a path, up to the root: whoever made it may have made those just now. */
export function syncFoldersAbove(path: string): void {
  const folder = dirname(path);
  syncFolder(folder);
  if (folder !== path) syncFoldersAbove(folder);
}

/** Syncs a folder and everything below it, without blocking. */
export async function syncTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = (wanted: boolean) =>
    entries.filter((entry) => entry.isDirectory() === wanted).map((entry) => join(entry.parentPath, entry.name));
  await syncPaths(paths(false), [...paths(true), folder]);
}

/** Syncs files and folders without blocking. What is not there any more needs no sync. */
export async function syncPaths(files: readonly string[], folders: readonly string[]): Promise<void> {
  const waiting = [
    // Windows flushes through a handle that may write.
    ...files.map((path) => ({ path, flags: "r+", ignored: new Set<string | undefined>(["ENOENT"]) })),
    ...folders.map((path) => ({ path, flags: "r", ignored: new Set([...NOT_FOR_FOLDERS, "ENOENT"]) })),
  ];
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { ignored } = next;
      await syncPath(next.path, next.flags).catch((error: NodeJS.ErrnoException) => {
        if (!ignored.has(error.code)) throw error;
      });
    }
  });
  await Promise.all(workers);
}

async function syncPath(path: string, flags: string): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
