import { randomUUID } from "node:crypto";
import { mkdir, readFile, readlink, rename, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { StartupFailure } from "./startup-failure.ts";

/** Who holds a data folder, in words that tell a live process from a dead one whose id was given out again. */
interface Holder {
  readonly nonce: string;
  /** Null where the system has no /proc, and so are the next two. */
  readonly pid: number | null;
  /** Start of the process in the kernel's clock ticks. */
  readonly started: string | null;
  /** The boot and the process namespace that `pid` counts in. */
  readonly realm: string | null;
}

// The path of a socket holds about a hundred bytes.
const SOCKET_PATH_LIMIT = 100;

/**
 * One process at a time in a data folder: PGlite has no lock of its own, and two processes destroy each other's rows. A live
 * holder's lock is never taken; a dead one's is, also after kill -9.
 */
export class DataFolderLock {
  readonly #path: string;
  readonly #nonce: string;
  readonly #beacon: Server | null;

  private constructor(path: string, nonce: string, beacon: Server | null) {
    this.#path = path;
    this.#nonce = nonce;
    this.#beacon = beacon;
  }

  /** Throws StartupFailure where another process holds the folder. */
  static async acquire(folder: string): Promise<DataFolderLock> {
    await make(folder);
    const path = join(folder, "lock");
    const socket = join(folder, "lock.sock");
    const self: Holder = { nonce: randomUUID(), ...(await identify()) };
    let reaped = false;
    while (!(await create(path, self))) {
      const holder = await read(path);
      if (holder !== null) {
        if (await isAlive(holder, self, socket)) {
          throw new StartupFailure(
            `the data folder ${folder} is in use by another process${holder.pid === null ? "" : ` (${holder.pid})`}; stop it, or choose another CAIRN_DATA_DIR`,
          );
        }
        await reap(path, holder);
        reaped = true;
      }
    }
    if (reaped) {
      // Another process may have found the same dead holder; whoever's name stands in the end has the folder.
      await delay(100);
      if ((await read(path))?.nonce !== self.nonce) {
        throw new StartupFailure(`the data folder ${folder} was taken by another process just now`);
      }
    }
    return new DataFolderLock(path, self.nonce, await light(socket));
  }

  async release(): Promise<void> {
    await new Promise<void>((resolve) => (this.#beacon ? this.#beacon.close(() => resolve()) : resolve()));
    if ((await read(this.#path))?.nonce === this.#nonce) {
      await rm(this.#path, { force: true });
    }
  }
}

async function make(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new StartupFailure(`cannot make the data folder ${folder}: ${(error as Error).message}`, error);
  }
}

async function create(path: string, self: Holder): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(self), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      return false;
    }
    throw new StartupFailure(`cannot write to the data folder: ${(error as Error).message}`, error);
  }
}

/** Null: the file is gone. A file that was cut short by a crash names nobody who lives. */
async function read(path: string): Promise<Holder | null> {
  for (let attempt = 0; ; attempt++) {
    try {
      return JSON.parse(await readFile(path, "utf8")) as Holder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") {
        return null;
      }
      if (!(error instanceof SyntaxError)) {
        throw error;
      }
      if (attempt === 10) {
        return { nonce: "", pid: null, started: null, realm: null };
      }
      // Its maker may be writing it this moment.
      await delay(20);
    }
  }
}

async function isAlive(holder: Holder, self: Holder, socket: string): Promise<boolean> {
  if (holder.pid !== null && holder.realm === self.realm) {
    return (await startOf(holder.pid)) === holder.started;
  }
  // Another container, or a system without /proc: a process id means nothing here, and a socket that answers does.
  return (await answers(socket)) || (await delay(200).then(() => answers(socket)));
}

async function identify(): Promise<Pick<Holder, "pid" | "started" | "realm">> {
  try {
    const pid = Number(await readlink("/proc/self"));
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    return { pid, started: await startOf(pid), realm: `${boot.trim()} ${await readlink("/proc/self/ns/pid")}` };
  } catch {
    return { pid: null, started: null, realm: null };
  }
}

/** The 22nd field of /proc/<pid>/stat; null: no such process. */
async function startOf(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

/** Takes away exactly the lock that was seen: what turns out to be another's is put back. */
async function reap(path: string, seen: Holder): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return;
    }
    throw error;
  }
  const taken = await read(aside);
  if (taken !== null && taken.nonce !== seen.nonce) {
    await writeFile(path, JSON.stringify(taken), { flag: "wx" }).catch(() => {});
  }
  await rm(aside, { force: true });
}

/** A socket that accepts for as long as this process lives, blocked or not. Null: the path is too long for one. */
async function light(socket: string): Promise<Server | null> {
  if (Buffer.byteLength(socket) > SOCKET_PATH_LIMIT) {
    return null;
  }
  await rm(socket, { force: true });
  const server = createServer((connection) => connection.destroy());
  return new Promise((resolve) => {
    server.once("error", () => resolve(null));
    server.listen(socket, () => {
      server.unref();
      resolve(server);
    });
  });
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once("connect", () => {
      connection.destroy();
      resolve(true);
    });
    connection.once("error", () => resolve(false));
  });
}
