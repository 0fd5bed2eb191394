import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

const MEBIBYTE = 1_048_576;

/** What can run out. */
export const SHORTAGES = ["space", "inodes"] as const;
export type Shortage = (typeof SHORTAGES)[number];

/** A file system of its own, in memory, that can be filled to the last byte or inode. */
export interface SmallDisk {
  /** Where it is mounted: an empty folder. */
  readonly path: string;
  fill(what: Shortage): void;
  /** Takes away what fill() made. */
  free(): void;
  remove(): void;
}

/**
 * Mounts one at `path`, which it makes; `uid` owns it. Null where this user may not mount, which it says; throws there where
 * CAIRN_TEST_REQUIRE_MOUNTS is 1.
 */
export function mountSmallDisk(
  path: string,
  size: { readonly mebibytes: number; readonly uid?: number },
): SmallDisk | null {
  mkdirSync(path, { recursive: true });
  const options = `size=${size.mebibytes}m,nr_inodes=4000,mode=0700,uid=${size.uid ?? 0}`;
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", path], { stdio: "pipe" });
  } catch (error) {
    if (process.env.CAIRN_TEST_REQUIRE_MOUNTS === "1") throw error;
    console.warn(`NOT TESTED: what happens on a full disk, as no file system can be mounted here: ${String(error)}`);
    return null;
  }
  const fillers = join(path, "fillers");
  return {
    path,
    fill: (what) => {
      mkdirSync(fillers);
      if (what === "inodes") until(() => writeFileSync(join(fillers, String(serial++)), ""));
      else fillSpace(join(fillers, "all"));
    },
    free: () => rmSync(fillers, { recursive: true }),
    remove: () => {
      // A server that is still about to end may have files open there.
      execFileSync("umount", ["-l", path]);
      rmSync(path, { recursive: true });
    },
  };
}

let serial = 0;

function fillSpace(path: string): void {
  const file = openSync(path, "w");
  for (const bytes of [MEBIBYTE, 4096]) until(() => writeSync(file, Buffer.alloc(bytes, 1)));
  closeSync(file);
}

/** Repeats it until there is no room. */
function until(work: () => unknown): void {
  try {
    for (;;) work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
}
