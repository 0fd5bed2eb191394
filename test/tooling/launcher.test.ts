import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

/** A main.ts that shows what reached it, and whose types only a Node that strips them can read. */
const main = `
const [command, ...rest]: string[] = process.argv.slice(2);
if (command === "wait") {
  process.on("SIGTERM", () => process.exit(7));
  process.on("SIGINT", () => process.exit(8));
  setInterval(() => {}, 1000);
} else if (command === "die") process.kill(process.pid, "SIGKILL");
else process.exitCode = Number(rest[0] ?? 0);
console.log(JSON.stringify({ pid: process.pid, command, rest }));
`;

/** Makes any Node take itself for an old one, as the launcher asks process.versions. */
const pretendOld = [
  "--import",
  `data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.20.2"}})`,
];

describe("bin/cairn.mjs", () => {
  let folder: string;
  const started: ChildProcess[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cairn-launcher-"));
    cpSync(join(root, "bin"), join(folder, "bin"), { recursive: true });
    mkdirSync(join(folder, "src"));
    writeFileSync(join(folder, "src/main.ts"), main);
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  });

  afterEach(() => {
    for (const child of started.splice(0)) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  function launch(flags: readonly string[], ...args: readonly string[]) {
    const child = spawn(process.execPath, [...flags, join(folder, "bin/cairn.mjs"), ...args], { cwd: tmpdir() });
    started.push(child);
    const output = { out: "", err: "" };
    child.stdout.setEncoding("utf8").on("data", (text) => (output.out += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (output.err += text));
    return { child, output, ended: once(child, "close").then(([code]) => code as number | null) };
  }

  describe.each([
    ["a Node that is new enough", []],
    ["a Node that is too old", pretendOld],
  ] as const)("under %s", (_, flags) => {
    it("hands over the arguments and keeps the exit code, without a warning", async () => {
      const { output, ended } = launch(flags, "keys", "3", "--name", "a b");
      expect(await ended).toBe(3);
      expect(JSON.parse(output.out)).toMatchObject({ command: "keys", rest: ["3", "--name", "a b"] });
      expect(output.err).toBe("");
    });

    it.each([
      ["SIGTERM", 7],
      ["SIGINT", 8],
    ] as const)("lets %s reach the server and keeps its exit code", async (signal, code) => {
      const { child, ended } = launch(flags, "wait");
      await once(child.stdout, "data");
      child.kill(signal);
      expect(await ended).toBe(code);
    });
  });

  it("runs the server in its own process where it can, so that a SIGKILL hits the server", async () => {
    const { child, output, ended } = launch([], "keys");
    await ended;
    expect(JSON.parse(output.out).pid).toBe(child.pid);
  });

  it("answers 128 and the signal's number for a server that a signal ended", async () => {
    expect(await launch(pretendOld, "die").ended).toBe(137);
  });

  it("says which Node it needs where there is none", async () => {
    rmSync(join(folder, "node_modules"));
    mkdirSync(join(folder, "node_modules/@connectrpc/connect"), { recursive: true });
    const { output, ended } = launch(pretendOld, "serve");
    expect(await ended).toBe(1);
    expect(output.err).toContain("Cairn needs Node 22.18 or newer; this is 20.20.2");
  });

  it("says what to run where the packages are not installed", async () => {
    rmSync(join(folder, "node_modules"));
    const { output, ended } = launch([], "serve");
    expect(await ended).toBe(1);
    expect(output.err).toContain('Run "npm ci" first');
  });
});
