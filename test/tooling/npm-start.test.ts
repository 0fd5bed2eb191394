import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

/** Stands for the server: says where it runs and with what, and ends with a code of its own when told to. */
const main = `
process.on("SIGTERM", () => setTimeout(() => process.exit(7), 200));
process.on("SIGINT", () => setTimeout(() => process.exit(8), 200));
setInterval(() => {}, 1000);
console.log(JSON.stringify({ pid: process.pid, args: process.argv.slice(2) }));
`;

describe("npm start", () => {
  let folder: string;
  let npm: ChildProcess | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cairn-npm-start-"));
    for (const part of ["bin", "scripts/bootstrap.mjs"])
      cpSync(join(root, part), join(folder, part), { recursive: true });
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", scripts: { start: scripts.start } }));
    writeFileSync(join(folder, "package-lock.json"), '{"packages":{}}');
    mkdirSync(join(folder, "src"));
    writeFileSync(join(folder, "src/main.ts"), main);
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  });

  afterEach(() => {
    npm?.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ["SIGTERM", 7],
    ["SIGINT", 8],
  ] as const)("hands its arguments and a %s to the server, waits for it and keeps its code", async (signal, code) => {
    npm = spawn("npm", ["start", "--silent", "--", "--port", "0"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(npm.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
    const { pid, args } = JSON.parse(String(line));
    expect(args).toEqual(["serve", "--port", "0"]);
    npm.kill(signal);
    expect(await once(npm, "exit")).toEqual([code, null]);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });
});
