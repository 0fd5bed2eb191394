import { execFile } from "node:child_process";
import { realpath, statfs } from "node:fs/promises";
import { platform } from "node:os";
import { promisify } from "node:util";
import { StartupFailure } from "../startup-failure.ts";

/** What Linux says of file systems whose locks every process sees that can see the file: no other machine has them. */
const LOCAL_ON_LINUX: ReadonlyMap<number, string> = new Map([
  [0xef53, "ext"],
  [0x58465342, "xfs"],
  [0x9123683e, "btrfs"],
  [0x2fc12fc1, "zfs"],
  [0xca451a4e, "bcachefs"],
  [0xf2f52010, "f2fs"],
  [0x3153464a, "jfs"],
  [0x3434, "nilfs"],
  [0x24051905, "ubifs"],
  [0x794c7630, "overlay"],
  [0x61756673, "aufs"],
  [0xf15f, "ecryptfs"],
  [0x01021994, "tmpfs"],
  [0x858458f6, "ramfs"],
  [0x4d44, "fat"],
  [0x2011bab0, "exfat"],
  [0x7366746e, "ntfs3"],
]);

/** Throws StartupFailure where the folder's file system may be another machine's, whose processes a lock here need not stop. */
export async function requireLocalDisk(folder: string): Promise<void> {
  const problem = await whyNotLocal(await realpath(folder));
  if (problem !== null) {
    throw new StartupFailure(
      `the data folder ${folder} is on ${problem}, where a lock does not prove that no other machine has it open; choose a CAIRN_DATA_DIR on a local disk, or a Postgres by DATABASE_URL`,
    );
  }
}

async function whyNotLocal(path: string): Promise<string | null> {
  if (platform() === "linux") {
    return notLocalOnLinux((await statfs(path)).type);
  }
  if (platform() === "win32") {
    // A mapped drive's real path is that of the share.
    return path.startsWith("\\\\") ? "a network share" : null;
  }
  return notLocalByMounts((await promisify(execFile)("/sbin/mount")).stdout, path);
}

/** Null: local. Network, FUSE and 9P file systems, and unknown ones, are not. */
export function notLocalOnLinux(type: number): string | null {
  return LOCAL_ON_LINUX.has(type) ? null : `a file system (type 0x${type.toString(16)}) that is not known as local`;
}

/** Null: local. Reads what `mount` prints on macOS and BSD, such as `/dev/disk3s5 on /Volumes/My Data (apfs, local, journaled)`. */
export function notLocalByMounts(mounts: string, path: string): string | null {
  let best = { point: "", options: "" };
  for (const line of mounts.split("\n")) {
    const [, point, options] = /^.*? on (\/.*) \((.*)\)$/.exec(line) ?? [];
    if (point === undefined || options === undefined || point.length < best.point.length) continue;
    if (path === point || path.startsWith(point === "/" ? point : `${point}/`)) best = { point, options };
  }
  const [type, ...flags] = best.options.split(", ");
  return flags.includes("local") ? null : `a file system (${type || "unknown"}) that is not local`;
}
