import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DataFolderLock } from "../../src/storage/data-folder-lock.ts";

const LOCK = join(import.meta.dirname, "../../src/storage/data-folder-lock.ts");
const HOLD = `const { DataFolderLock } = await import(process.argv[1]);
  try { await DataFolderLock.acquire(process.argv[2]); console.log("held"); setInterval(() => {}, 1000); }
  catch (error) { console.log(error.message); }`;

describe("the data folder's lock", () => {
  let folder: string;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), "cairn-lock-")), "data");
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    rmSync(join(folder, ".."), { recursive: true, force: true });
  });

  async function hold(): Promise<{ child: ChildProcess; said: string }> {
    const child = spawn(process.execPath, ["--input-type=module", "-e", HOLD, LOCK, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    const [data] = (await once(child.stdout!, "data")) as [Buffer];
    return { child, said: data.toString().trim() };
  }

  it("keeps a second holder out, in this process and in another, until it is released", async () => {
    const lock = await DataFolderLock.acquire(folder);
    await expect(DataFolderLock.acquire(folder)).rejects.toThrow(
      `the data folder ${folder} is in use by another process (${process.pid})`,
    );
    expect((await hold()).said).toContain(`in use by another process (${process.pid})`);
    await lock.release();
    expect((await hold()).said).toBe("held");
  });

  it("is taken from a holder that was killed with -9, at once", async () => {
    const { child } = await hold();
    await expect(DataFolderLock.acquire(folder)).rejects.toThrow("in use");
    child.kill("SIGKILL");
    await once(child, "exit");
    await (await DataFolderLock.acquire(folder)).release();
  });

  it("goes to one of many that find a dead holder at once", async () => {
    const { child } = await hold();
    child.kill("SIGKILL");
    await once(child, "exit");
    const said = await Promise.all(Array.from({ length: 4 }, () => hold()));
    expect(said.filter((one) => one.said === "held")).toHaveLength(1);
  });

  it("does not take a process that was given a dead holder's id for that holder", async () => {
    await (await DataFolderLock.acquire(folder)).release();
    const mine = await DataFolderLock.acquire(folder);
    const holder = JSON.parse(readFileSync(join(folder, "lock"), "utf8"));
    await mine.release();
    writeFileSync(join(folder, "lock"), JSON.stringify({ ...holder, nonce: "old", started: "1" }));
    await (await DataFolderLock.acquire(folder)).release();
  });

  it("believes a holder in another container by its socket alone", async () => {
    const live = await DataFolderLock.acquire(folder);
    const holder = JSON.parse(readFileSync(join(folder, "lock"), "utf8"));
    writeFileSync(join(folder, "lock"), JSON.stringify({ ...holder, realm: "another" }));
    await expect(DataFolderLock.acquire(folder)).rejects.toThrow("in use");
    await live.release();
    writeFileSync(join(folder, "lock"), JSON.stringify({ ...holder, realm: "another" }));
    await (await DataFolderLock.acquire(folder)).release();
  });

  it("is no hindrance where a crash cut its file short", async () => {
    await (await DataFolderLock.acquire(folder)).release();
    writeFileSync(join(folder, "lock"), '{"nonce":');
    await (await DataFolderLock.acquire(folder)).release();
  });
});
