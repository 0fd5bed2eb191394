import { randomUUID } from "node:crypto";
import { chmodSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SecretSource } from "../domain/ports/secret-source.ts";
import { isOpenToOthers, openDataFolder } from "../storage/engine/pglite/data-folder.ts";
import { StartupFailure } from "../storage/engine/startup-failure.ts";

const FILE_NAME = "root-key";
const OWNER_ONLY = 0o600;

export interface RootKey {
  /** The first is the one to call with; the others are valid beside it. */
  readonly secrets: readonly string[];
  /** Made just now: it is shown this once. */
  readonly made: boolean;
  /** Where it is kept; null: the environment gave it. */
  readonly file: string | null;
}

/**
 * The root keys of the environment, else the one that the data folder keeps, else a new one, kept there with mode 0600. Throws
 * StartupFailure where it can be neither read nor kept.
 */
export function rootKeyOf(
  given: readonly string[],
  dataDir: string,
  secrets: SecretSource,
  onWarning: (message: string) => void,
): RootKey {
  if (given.length > 0) {
    return { secrets: given, made: false, file: null };
  }
  openDataFolder(dataDir, onWarning);
  const file = join(dataDir, FILE_NAME);
  const kept = readKept(file);
  if (kept !== null) {
    closeToOthers(file, onWarning);
    return { secrets: [kept], made: false, file };
  }
  const secret = secrets.make("cairn_");
  try {
    if (keep(file, secret)) {
      return { secrets: [secret], made: true, file };
    }
  } catch (error) {
    const why = `cannot keep the root key in ${file}: ${(error as Error).message}`;
    throw error instanceof StartupFailure ? error : new StartupFailure(`${why}; or set CAIRN_ROOT_KEY`, error);
  }
  // Another process that started at the same moment was first: its key is the key.
  return { secrets: [readKept(file) ?? secret], made: false, file };
}

function closeToOthers(file: string, onWarning: (message: string) => void): void {
  if (!isOpenToOthers(file)) {
    return;
  }
  try {
    chmodSync(file, OWNER_ONLY);
    onWarning(
      `the root key in ${file} was open to other users: the file has mode 600 now; replace the key if one may have read it`,
    );
  } catch (error) {
    onWarning(`the root key in ${file} is open to other users, and cannot be closed: ${(error as Error).message}`);
  }
}

/** Whole or not at all, also where the power is cut. False: there is one already, which is not empty. */
function keep(file: string, secret: string): boolean {
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, `${secret}\n`, { mode: OWNER_ONLY, flag: "wx", flush: true });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST" && readKept(file) !== null) {
      return false;
    }
    // A file system without links, or what a power cut has left of a key that nobody was told.
    renameSync(draft, file);
    return true;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Null where there is no such file, or nothing in it. */
export function readKept(file: string): string | null {
  try {
    return readFileSync(file, "utf8").trim() || null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return null;
    }
    throw new StartupFailure(`cannot read the root key: ${(error as Error).message}`, error);
  }
}

/** The data folder's root key, for commands that run beside the server; null where there is none. */
export function keptRootKey(dataDir: string): string | null {
  return readKept(join(dataDir, FILE_NAME));
}
