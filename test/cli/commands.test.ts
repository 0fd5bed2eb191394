import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServedProcess, serveProcess } from "../process/served-process.ts";

const LAUNCHER = join(import.meta.dirname, "../../bin/cairn.mjs");

interface Ending {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line in a process of its own, with these variables and no others. */
function cairn(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ending> {
  const options = { env: { PATH: process.env.PATH, ...env } };
  return new Promise((resolve) => {
    execFile(process.execPath, [LAUNCHER, ...args], options, (error, out, err) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, out, err });
    });
  });
}

const COMMANDS = [
  "serve",
  "migrate",
  "workspaces create",
  "workspaces list",
  "workspaces delete",
  "keys create",
  "keys list",
  "keys revoke",
  "embeddings status",
  "embeddings build",
  "embeddings activate",
  "embeddings drop",
  "eval",
];

describe("the command line", () => {
  it("lists every command", async () => {
    const { code, out } = await cairn(["--help"]);
    expect(code).toBe(0);
    expect(COMMANDS.filter((name) => !out.includes(`cairn ${name} `))).toEqual([]);
  });

  it("lists the commands of a group", async () => {
    const { code, out } = await cairn(["embeddings", "--help"]);
    expect(code).toBe(0);
    expect(COMMANDS.filter((name) => out.includes(`cairn ${name} `))).toEqual([
      "embeddings status",
      "embeddings build",
      "embeddings activate",
      "embeddings drop",
    ]);
  });

  it.each(COMMANDS)("explains %s", async (name) => {
    const { code, out } = await cairn([...name.split(" "), "--help"]);
    expect([code, out]).toEqual([0, expect.stringContaining(`usage: cairn ${name}`)]);
  });

  it.each([
    [["fly"], 'no command "fly"'],
    [["embeddings", "fly"], 'no command "embeddings fly"'],
    [["keys", "create", "--colour", "red"], "colour"],
    [["keys", "revoke"], "name one key"],
    [["keys", "create", "--expires", "soon", "--key", "x"], "--expires soon"],
    [["workspaces", "delete", "acme"], "add --yes"],
    [["keys", "list", "--url", "nowhere", "--key", "x"], "nowhere is no URL"],
    [["eval"], "name one folder"],
    [["eval", ".", "--mode", "psychic"], '"psychic" is none of lexical, semantic, hybrid'],
    [["eval", ".", "--context", "maybe"], '"maybe" is none of off, on'],
    [["eval", ".", "--limit", "0"], "--limit 0"],
    [["eval", ".", "--provider", "none", "--url", "http://127.0.0.1:9"], "--provider"],
    [["eval", ".", "--details"], "--details goes with --json"],
  ])("refuses %j with a line and code 2", async (args, problem) => {
    const { code, err } = await cairn(args);
    expect([code, err]).toEqual([2, expect.stringContaining(problem)]);
    expect(err).not.toContain("    at ");
  });

  it("says that no server answers", async () => {
    const { code, err } = await cairn(["keys", "list", "--url", "http://127.0.0.1:9", "--key", "some-key"]);
    expect([code, err]).toEqual([1, expect.stringContaining("no server answers at http://127.0.0.1:9")]);
  });

  it("says of a folder to evaluate that it is none, or holds nothing", async () => {
    const missing = await cairn(["eval", "no-such-folder"]);
    expect([missing.code, missing.err]).toEqual([1, "cairn eval: no-such-folder: no such folder\n"]);
    const { code, err } = await cairn(["eval", import.meta.dirname]);
    expect([code, err]).toEqual([1, expect.stringContaining("no file there ends in .json")]);
  });
});

describe("the commands of a running server", () => {
  const folder = mkdtempSync(join(tmpdir(), "cairn-cli-"));
  const data = join(folder, "data");
  let server: ServedProcess;
  // The root key is found in the data folder, as a person on the same machine would have it.
  const remote = (...args: string[]) => cairn(args, { CAIRN_URL: server.url, CAIRN_DATA_DIR: data });
  const listWith = (key: string) =>
    fetch(`${server.url}/api/v1/memories`, { headers: { authorization: `Bearer ${key}` } });

  beforeAll(async () => {
    server = await serveProcess({ CAIRN_DATA_DIR: data });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it("makes a workspace whose first key works, lists it, and erases it", async () => {
    const made = await remote("workspaces", "create", "acme", "--language", "german");
    expect([made.code, made.err]).toEqual([0, expect.stringContaining("shown this once")]);
    const secret = made.out.trim();
    expect((await listWith(secret)).status).toBe(200);
    expect((await remote("workspaces", "list")).out).toMatch(/acme +german/);
    const erased = await remote("workspaces", "delete", "acme", "--yes");
    expect([erased.code, erased.out]).toEqual([0, expect.stringMatching(/^erased /)]);
    expect((await listWith(secret)).status).toBe(401);
  });

  it("makes a key, lists it without its secret, and revokes it", async () => {
    const made = JSON.parse(
      (await remote("keys", "create", "--scope", "memory:read", "--name", "reader", "--json")).out,
    );
    expect((await listWith(made.secret)).status).toBe(200);
    const { out } = await remote("keys", "list");
    expect(out).toMatch(new RegExp(`${made.key.id}.*reader.*memory:read.*valid`));
    expect(out).not.toContain(made.secret);
    expect((await remote("keys", "revoke", made.key.id)).out).toBe(`revoked ${made.key.id}\n`);
    expect((await listWith(made.secret)).status).toBe(401);
  });

  it("repeats the server's own words where it refuses", async () => {
    const { code, err } = await remote("keys", "create", "--agent", "nobody");
    expect([code, err]).toEqual([1, "cairn keys create: [not_found] no agent nobody\n"]);
  });

  it("migrates a fresh folder once, and then has nothing to migrate", async () => {
    const env = { CAIRN_DATA_DIR: join(folder, "other") };
    const first = await cairn(["migrate"], env);
    expect([first.code, first.out]).toEqual([0, expect.stringMatching(/^migrated .*\n/)]);
    expect(await cairn(["migrate"], env)).toMatchObject({ code: 0, out: "nothing to migrate\n" });
  });

  it("does not migrate a folder that a server has open, and says what to do", async () => {
    const { code, err } = await cairn(["migrate"], { CAIRN_DATA_DIR: data });
    expect([code, err]).toEqual([1, expect.stringMatching(/^cairn migrate: .*in use by .*; stop it, or choose .*\n$/)]);
  });
});
