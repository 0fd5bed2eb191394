import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DataFolderLock } from "../../src/storage/engine/pglite/data-folder-lock.ts";

const LOCK = join(import.meta.dirname, "../../src/storage/engine/pglite/data-folder-lock.ts");
const HOLD = `const { DataFolderLock } = await import(process.argv[1]);
  try { await DataFolderLock.acquire(process.argv[2]); gc(); console.log("held", process.pid); setInterval(gc, 100); }
  catch (error) { console.log(error.message); }`;
const NODE = [
  process.execPath,
  "--disable-warning=ExperimentalWarning",
  "--expose-gc",
  "--input-type=module",
  "-e",
  HOLD,
];
const NAMESPACE = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];
const hasNamespaces = spawnSync(NAMESPACE[0]!, [...NAMESPACE.slice(1), "true"]).status === 0;

describe("the data folder's lock", () => {
  let folder: string;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cairn-lock-"));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  /** Starts a process that takes the lock of `folder` and keeps it, behind the words of `before`. */
  async function hold(...before: string[]): Promise<{ child: ChildProcess; said: string; pid: number }> {
    const [command, ...args] = [...before, ...NODE, LOCK, folder];
    const child = spawn(command!, args, { stdio: ["ignore", "pipe", "inherit"] });
    children.push(child);
    const [data] = (await once(child.stdout!, "data")) as [Buffer];
    const [said, pid] = data
      .toString()
      .trim()
      .split(/(?<=^held) /);
    return { child, said: said!, pid: Number(pid) };
  }

  const take = () => DataFolderLock.acquire(folder, 0);

  it("keeps a second holder out, in this process and in another, until it is released", async () => {
    const lock = await take();
    await expect(take()).rejects.toThrow(`the data folder ${folder} is in use by another process (${process.pid} on `);
    expect((await hold()).said).toContain(`in use by another process (${process.pid} on `);
    lock.release();
    lock.release();
    expect((await hold()).said).toBe("held");
  });

  it("is free at once when its holder is killed, and goes to one of many that want it", async () => {
    const { child } = await hold();
    await expect(take()).rejects.toThrow("in use");
    child.kill("SIGKILL");
    await once(child, "exit");
    (await take()).release();
    const said = await Promise.all(Array.from({ length: 4 }, () => hold()));
    expect(said.filter((one) => one.said === "held")).toHaveLength(1);
  });

  it("is free when its holder is killed and nobody reaps the zombie", async () => {
    const { pid } = await hold("sh", "-c", '"$@" & exec sleep 1000', "sh");
    await expect(take()).rejects.toThrow("in use");
    process.kill(pid, "SIGKILL");
    (await DataFolderLock.acquire(folder)).release();
    expect(existsSync(`/proc/${pid}`)).toBe(process.platform === "linux");
  });

  it("is its holder's while that one is stopped", async () => {
    const { child } = await hold();
    child.kill("SIGSTOP");
    await expect(take()).rejects.toThrow("in use");
  });

  it.skipIf(!hasNamespaces)("keeps out a process of another namespace, below a long path as well", async () => {
    const parent = folder;
    folder = join(parent, "x".repeat(150));
    mkdirSync(folder);
    const lock = await take();
    expect((await hold(...NAMESPACE)).said).toContain("in use");
    lock.release();
    expect((await hold(...NAMESPACE)).said).toBe("held");
    await expect(take()).rejects.toThrow("in use");
    folder = parent;
  });

  it("refuses a folder that has an older Cairn's lock, and makes one that such a Cairn cannot take", async () => {
    writeFileSync(join(folder, "lock"), "{}");
    await expect(take()).rejects.toThrow(/older Cairn: see that none runs there, then remove .*lock$/);
    rmSync(join(folder, "lock"));
    (await take()).release();
    expect(statSync(join(folder, "lock")).isDirectory()).toBe(true);
  });

  it("refuses a path that is longer than a lock can have, and a file system that is not a disk", async () => {
    const parent = folder;
    for (let depth = 0; depth < 3; depth++) folder = join(folder, "y".repeat(200));
    mkdirSync(folder, { recursive: true });
    await expect(take()).rejects.toThrow("its path is too long");
    folder = parent;
    if (process.platform !== "linux") return;
    await expect(DataFolderLock.acquire("/proc")).rejects.toThrow("type 0x9fa0) that is not known as local");
  });
});
