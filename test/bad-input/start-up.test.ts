import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeOnPostgres, postgresUrl } from "../app/engines.ts";
import { administer, freshDatabase } from "../app/fresh-database.ts";
import { serveApp } from "../app/served-app.ts";
import { serveProcess } from "../process/served-process.ts";

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `cairn serve` with these variables and none of the machine's own until it ends. */
async function runServe(environment: Readonly<Record<string, string>>): Promise<Ended> {
  const launcher = join(import.meta.dirname, "../../bin/cairn.mjs");
  const child = spawn(process.execPath, [launcher, "serve"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, CAIRN_CI: process.env.CAIRN_CI, PORT: "0", ...environment },
  });
  const written = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].on("data", (chunk) => {
      written[name] += String(chunk);
    });
  }
  const timer = setTimeout(() => child.kill("SIGKILL"), 160_000);
  const [code] = await once(child, "close");
  clearTimeout(timer);
  return { code, ...written };
}

/** One line for a person to read, a failing exit code, and not a word of a stack. */
function expectOneLine(ended: Ended, line: RegExp): void {
  expect(ended.stderr.trimEnd()).toMatch(line);
  expect(ended.stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(ended.stderr).not.toMatch(/^\s+at /m);
  expect(ended.stdout).toBe("");
  expect(ended.code).toBe(1);
}

describe("cairn serve", () => {
  let folder: string;
  /** A data folder whose database is made already, which takes seconds; every process lets it go when it ends. */
  let made: string;
  let taken: Server;
  let takenPort: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "cairn-start-"));
    made = join(folder, "made");
    await (await serveProcess({ CAIRN_DATA_DIR: made })).stop();
    taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    takenPort = String((taken.address() as { port: number }).port);
  });

  afterAll(async () => {
    taken.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("names every bad variable at once", async () => {
    const ended = await runServe({
      PORT: "eighty",
      LOG_LEVEL: "loud",
      DATABASE_URL: "mysql://localhost/x",
      CAIRN_ROOT_KEY: "short",
      EMBEDDING_PROVIDER: "magic",
      MAX_REQUEST_BYTES: "-1",
      TLS_CERT_FILE: "/nowhere.pem",
    });
    expectOneLine(ended, /^cairn serve: bad configuration: /);
    for (const variable of [
      "PORT",
      "LOG_LEVEL",
      "DATABASE_URL",
      "CAIRN_ROOT_KEY",
      "EMBEDDING_PROVIDER",
      "MAX_REQUEST_BYTES",
      "TLS_KEY_FILE",
    ]) {
      expect(ended.stderr).toContain(variable);
    }
    expect(ended.stderr).not.toContain("short");
  });

  it("says that the port is in use, and lets the data folder go", async () => {
    const environment = { CAIRN_DATA_DIR: made, PORT: takenPort };
    const inUse = new RegExp(`^cairn serve: .*127\\.0\\.0\\.1:${takenPort}.*in use`);
    expectOneLine(await runServe(environment), inUse);
    expectOneLine(await runServe(environment), inUse);
  });

  it("says that the database does not answer", async () => {
    const ended = await runServe({ DATABASE_URL: "postgres://cairn:secret@127.0.0.1:1/cairn", CAIRN_DATA_DIR: folder });
    expectOneLine(ended, /^cairn serve: cannot connect to Postgres at 127\.0\.0\.1:1\/cairn: ECONNREFUSED/);
    expect(ended.stderr).not.toContain("secret");
  });

  it("says that the host of the database is unknown", async () => {
    const ended = await runServe({
      DATABASE_URL: "postgres://cairn@no-such-host.invalid/cairn",
      CAIRN_DATA_DIR: folder,
    });
    expectOneLine(ended, /^cairn serve: cannot connect to Postgres at no-such-host\.invalid/);
  });

  it("does not take a data folder from a live process, and does from a killed one", async () => {
    const environment = { CAIRN_DATA_DIR: made, LOG_LEVEL: "error" };
    const holder = await serveProcess(environment);
    expectOneLine(await runServe(environment), /^cairn serve: .*made.*in use by another process/);
    await holder.kill();
    const next = await serveProcess(environment);
    expect(await next.stop()).toBe(0);
  });

  it("keeps everything in a data folder from other users", () => {
    const modes = ["", "pglite", "lock", "root-key"].map((name) =>
      (statSync(join(made, name)).mode & 0o777).toString(8),
    );
    expect(modes).toEqual(["700", "700", "700", "600"]);
  });

  it("says that the data folder is no folder, or cannot be made", async () => {
    writeFileSync(join(folder, "file"), "");
    expectOneLine(await runServe({ CAIRN_DATA_DIR: join(folder, "file") }), /^cairn serve: .*file/);
    expectOneLine(
      await runServe({ CAIRN_DATA_DIR: "/proc/x" }),
      /^cairn serve: cannot use the data folder \/proc\/x: /,
    );
  });

  it("says that a certificate cannot be read, or is none", async () => {
    const environment = { CAIRN_DATA_DIR: made, TLS_KEY_FILE: join(folder, "key.pem") };
    const missing = await runServe({ ...environment, TLS_CERT_FILE: join(folder, "cert.pem") });
    expectOneLine(missing, /^cairn serve: bad configuration: TLS_\w+_FILE/);
    for (const name of ["cert.pem", "key.pem"]) writeFileSync(join(folder, name), "no PEM\n");
    const broken = await runServe({ ...environment, TLS_CERT_FILE: join(folder, "cert.pem") });
    expectOneLine(broken, /^cairn serve: .*TLS_CERT_FILE/);
  });
});

describeOnPostgres("cairn serve", () => {
  it("says that the database is missing, or the password wrong", async () => {
    const url = new URL(postgresUrl!);
    url.pathname = "/no_such_database";
    expectOneLine(await runServe({ DATABASE_URL: url.href }), /^cairn serve: .*no_such_database/);
  });

  it("refuses a database that a newer Cairn has migrated", async () => {
    const database = await freshDatabase("postgres");
    await (await serveApp("postgres", { database })).close();
    await administer(database.url!, (client) =>
      client.query("insert into mikro_orm_migrations (name) values ('m9999_from_the_future')"),
    );
    expectOneLine(
      await runServe({ DATABASE_URL: database.url! }),
      /^cairn serve: .*newer Cairn.*m9999_from_the_future/,
    );
    await database.drop();
  });
});
