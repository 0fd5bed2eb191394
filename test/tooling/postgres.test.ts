import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aptMirror } from "../../scripts/postgres/apt-mirror.ts";
import { startPostgres } from "../../scripts/postgres/start-postgres.ts";
import { postgresSuites } from "../../scripts/postgres/suites.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cairn-postgres-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

describe("the Debian archive that apt uses", () => {
  it("is read from sources.list alone", () => {
    write(
      "sources.list",
      "# deb http://old.example/debian x\ndeb [signed-by=/k.gpg] http://one.example/debian/ bookworm main\n",
    );
    expect(aptMirror(folder)).toBe("http://one.example/debian");
  });

  it("is read from a deb822 file alone, past the other archives", () => {
    write(
      "sources.list.d/a.sources",
      "Types: deb\nURIs: http://one.example/other http://one.example/debian\nSuites: bookworm\n",
    );
    write("sources.list.d/b.sources.disabled", "URIs: http://two.example/debian\n");
    expect(aptMirror(folder)).toBe("http://one.example/debian");
  });

  it("is missed by name where there is none", () => {
    write("sources.list", "deb http://one.example/debian-security bookworm-security main\n");
    expect(() => aptMirror(folder)).toThrow("CAIRN_TEST_DATABASE_URL");
  });
});

describe("the suites of test:pg", () => {
  it("are those that read CAIRN_TEST_DATABASE_URL themselves or through what they import", () => {
    write("test/engines.ts", "export const url = process.env.CAIRN_TEST_DATABASE_URL;");
    write("test/store/through.ts", 'export { url } from "../engines.ts";');
    write("test/store/far.test.ts", 'import { url } from "./through.ts";');
    write("src/storage/near.test.ts", "process.env.CAIRN_TEST_DATABASE_URL");
    write("src/domain/pure.test.ts", 'import { x } from "./missing.ts";');
    expect(postgresSuites(folder)).toEqual(["src/storage/near.test.ts", "test/store/far.test.ts"]);
  });
});

// Not on a Postgres of somebody else's: only where `npm run test:pg` can bring up its own.
const own =
  process.env.CAIRN_TEST_DATABASE_URL !== undefined && process.getuid?.() === 0 && existsSync("/etc/debian_version");

describe.skipIf(!own)("a Postgres of our own", () => {
  it("has pgvector, answers commits only once they are on disk, and outlives kill -9 on the same port", async () => {
    const postgres = await startPostgres();
    try {
      const { url } = postgres;
      await query(url, "create extension vector; create table t (a int); insert into t values (1)");
      expect(await query(url, "show fsync")).toEqual([{ fsync: "on" }]);
      const version = (await query(url, "select current_setting('server_version_num')::int as version"))[0]?.version;
      expect(version).toBeGreaterThanOrEqual(170_000);
      await postgres.kill();
      await expect(query(url, "select 1")).rejects.toThrow();
      await postgres.start();
      expect(postgres.url).toBe(url);
      expect(await query(url, "select a, '[1,2]'::vector <-> '[1,4]' as d from t")).toEqual([{ a: 1, d: 2 }]);
      expect(postgres.log(200)).toContain("automatic recovery in progress");
    } finally {
      await postgres.remove();
    }
  });

  it("ends with the next start where its own process was killed", async () => {
    const module = join(import.meta.dirname, "../../scripts/postgres/start-postgres.ts");
    const script = `const p = await (await import(${JSON.stringify(module)})).startPostgres(); console.log(p.url); setInterval(() => {}, 1e3);`;
    const owner = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [url] = (await once(owner.stdout, "data")).map(String) as [string];
    owner.kill("SIGKILL");
    await once(owner, "exit");
    expect(await query(url.trim(), "select 1 as a")).toEqual([{ a: 1 }]);
    await (await startPostgres()).remove();
    await expect(query(url.trim(), "select 1")).rejects.toThrow();
  });

  it("runs beside another without sharing anything", async () => {
    const [one, two] = await Promise.all([startPostgres(), startPostgres({ fsync: false })]);
    try {
      await query(one.url, "create table mine (a int)");
      await expect(query(two.url, "select * from mine")).rejects.toThrow("does not exist");
      expect(await query(two.url, "show fsync")).toEqual([{ fsync: "off" }]);
      await one.stop("immediate");
      expect(await query(two.url, "select 1 as a")).toEqual([{ a: 1 }]);
    } finally {
      await Promise.all([one.remove(), two.remove()]);
    }
  });
});

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query(sql);
    return Array.isArray(result) ? [] : result.rows;
  } finally {
    await client.end();
  }
}
