import { accessSync, chmodSync, constants, mkdirSync, readdirSync, statSync } from "node:fs";
import { platform } from "node:os";
import { dirname, resolve } from "node:path";
import { StartupFailure } from "../startup-failure.ts";

const OWNER_ONLY = 0o700;
const FOR_OTHERS = 0o077;
const STICKY = 0o1000;
/** All that Cairn keeps in a data folder, drafts and marks included. */
const OURS = /^(?:pglite|lock|root-key)(?:\.|$)/;
const LONGEST_SHOWN = 200;

const PROBLEMS: Readonly<Record<string, string>> = {
  EACCES: "this user may not read and write there",
  EPERM: "this user may not read and write there",
  EROFS: "its file system is read-only",
  ENOTDIR: "it, or what is above it, is a file",
  EEXIST: "it, or what is above it, is a file",
  ENOENT: "no folder can be made there",
  ELOOP: "its symbolic links go in a circle",
  ENAMETOOLONG: "its path is too long",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk is full",
};

/**
 * Makes the data folder with mode 0700 where it is missing. One that is open to others is closed where it holds nothing but
 * Cairn's, else left as it is (it may be /tmp); either is said in one warning. Throws StartupFailure.
 */
export function openDataFolder(folder: string, onWarning: (message: string) => void): void {
  try {
    make(resolve(folder));
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    closeToOthers(folder, onWarning);
  } catch (error) {
    throw folderFailure(folder, error);
  }
}

/** Makes a folder that its owner alone may enter, or closes it. */
export function makePrivate(path: string): void {
  make(path);
  if (isOpenToOthers(path)) {
    chmodSync(path, OWNER_ONLY);
  }
}

export function folderFailure(folder: string, error: unknown): StartupFailure {
  const { code, message } = error as { code?: string; message?: string };
  const shown = folder.length > LONGEST_SHOWN ? `${folder.slice(0, LONGEST_SHOWN)}…` : folder;
  const problem = PROBLEMS[code ?? ""] ?? message;
  return new StartupFailure(`cannot use the data folder ${shown}: ${problem}; choose another CAIRN_DATA_DIR`, error);
}

/** Folder by folder: mkdir's own `recursive` never returns below /proc or below a symbolic link that leads nowhere. */
function make(path: string): void {
  const missing: string[] = [];
  for (let at = path; statSync(at, { throwIfNoEntry: false }) === undefined; at = dirname(at)) {
    missing.unshift(at);
  }
  for (const one of missing) {
    try {
      mkdirSync(one, { mode: OWNER_ONLY });
    } catch (error) {
      // Another process may have made it just now; a symbolic link that leads nowhere exists, too, and is no folder.
      const found = statSync(one, { throwIfNoEntry: false });
      if (found?.isDirectory()) continue;
      throw found === undefined && isExisting(error)
        ? new Error(`${one === path ? "it is a symbolic link that" : "a symbolic link above it"} leads nowhere`)
        : error;
    }
  }
  if (!statSync(path).isDirectory()) {
    throw Object.assign(new Error("not a folder"), { code: "ENOTDIR" });
  }
}

function isExisting(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "EEXIST";
}

/** Whether other users of the machine may read, write or enter it. */
export function isOpenToOthers(path: string): boolean {
  // Windows has no such modes: a user's own folders are closed to others there by what they inherit.
  return platform() !== "win32" && (statSync(path).mode & FOR_OTHERS) !== 0;
}

function closeToOthers(folder: string, onWarning: (message: string) => void): void {
  if (!isOpenToOthers(folder)) {
    return;
  }
  const { mode } = statSync(folder);
  const was = `the data folder ${folder} was open to other users (mode ${(mode & 0o7777).toString(8)})`;
  const isOursAlone = readdirSync(folder).every((name) => OURS.test(name)) && (mode & STICKY) === 0;
  if (isOursAlone && tighten(folder)) {
    onWarning(`${was}: it has mode 700 now`);
  } else {
    onWarning(
      `${was.replace(" was ", " is ")}, which Cairn leaves as it is; choose a folder for Cairn alone, or: chmod 700`,
    );
  }
}

function tighten(folder: string): boolean {
  try {
    chmodSync(folder, OWNER_ONLY);
    return true;
  } catch {
    return false;
  }
}
