import { readFileSync, readlinkSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { StartupFailure } from "../startup-failure.ts";
import { folderFailure, makePrivate } from "./data-folder.ts";
import { requireLocalDisk } from "./local-disk.ts";

/** SQLite opens no path that is longer, in bytes. */
const LONGEST_PATH = 500;
const SQLITE_BUSY = 5;
/** A killed process is torn down, and its lock with it, some time after the signal. */
const PATIENCE_MS = 1000;
const PAUSE_MS = 25;

/** A database that is garbage-collected is closed, and its lock is gone: these are not. */
const held = new Set<DatabaseSync>();

/**
 * One process at a time in a data folder: PGlite has no lock of its own, and two processes destroy each other's rows. The lock is
 * the operating system's, on a file that SQLite opens. It holds in every container and namespace that shares the file, while its
 * process is stopped as well, and ends with that process, however it dies.
 */
export class DataFolderLock {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** The folder exists. Throws StartupFailure where another process holds it, or where a lock would prove nothing. */
  static async acquire(folder: string, patienceMs = PATIENCE_MS): Promise<DataFolderLock> {
    await requireLocalDisk(folder);
    const path = makeLockFolder(folder);
    for (const deadline = performance.now() + patienceMs; ; await delay(PAUSE_MS)) {
      const database = await tryLock(join(path, "held"));
      if (database !== null) {
        held.add(database);
        sign(path);
        return new DataFolderLock(database);
      }
      if (performance.now() > deadline) {
        throw new StartupFailure(
          `the data folder ${folder} is in use by another process${signatureIn(path)}; stop it, or choose another CAIRN_DATA_DIR`,
        );
      }
    }
  }

  release(): void {
    if (held.delete(this.#database)) {
      this.#database.close();
    }
  }
}

/** It has the name of the file that was an older Cairn's lock, so that neither starts where the other runs or was killed. */
function makeLockFolder(folder: string): string {
  const path = join(realpathSync(folder), "lock");
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) {
    throw new StartupFailure(
      `the data folder ${folder} has the lock of an older Cairn: see that none runs there, then remove ${path}`,
    );
  }
  if (Buffer.byteLength(path) > LONGEST_PATH) {
    throw folderFailure(folder, { code: "ENAMETOOLONG" });
  }
  try {
    makePrivate(path);
    return path;
  } catch (error) {
    throw folderFailure(folder, error);
  }
}

/** Null: somebody holds it. */
async function tryLock(file: string): Promise<DatabaseSync | null> {
  let database: DatabaseSync | undefined;
  try {
    const { DatabaseSync } = await import("node:sqlite");
    database = new DatabaseSync(file);
    // Nothing is ever committed; without a journal the one file is all there is.
    database.exec("pragma journal_mode = off; begin immediate");
    return database;
  } catch (error) {
    database?.close();
    const { errcode, message } = error as { errcode?: number; message: string };
    if (errcode === SQLITE_BUSY) {
      return null;
    }
    throw new StartupFailure(`cannot lock ${file}: ${message}`, error);
  }
}

/** Says who holds the lock, for people alone: nothing is concluded from it. */
function sign(path: string): void {
  try {
    writeFileSync(join(path, "holder"), `${readlinkSync("/proc/self")} on ${hostname()}`, { mode: 0o600 });
  } catch {
    // Without /proc, or on a full disk, the lock holds all the same.
  }
}

function signatureIn(path: string): string {
  try {
    const signature = readFileSync(join(path, "holder"), "utf8");
    return signature === "" ? "" : ` (${signature})`;
  } catch {
    return "";
  }
}
