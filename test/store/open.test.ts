import { randomBytes } from "node:crypto";
import fs, { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { openPglite } from "../../src/storage/engine/pglite/open-pglite.ts";
import { openStorage } from "../../src/storage/open-storage.ts";
import type { Storage } from "../../src/storage/storage.ts";
import { describeOnPostgres, postgresUrl } from "../app/engines.ts";
import { administer, freshDatabase } from "../app/fresh-database.ts";
import { Tenant } from "./tenant.ts";

async function expectToServe(storage: Storage): Promise<void> {
  const tenant = await Tenant.make(storage);
  const other = await Tenant.make(storage);
  const { memory } = await tenant.put({ key: "k", tags: ["t"] });
  expect(await tenant.get(memory.id)).toEqual(memory);
  expect(await other.get(memory.id)).toBeNull();
  await storage.memories.purge(tenant.mutation(), memory.id, null);
}

it("refuses to serve where the application's role evades row-level security (pglite)", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cairn-open-"));
  const options = { databaseUrl: null, dataDir: folder };
  const { template } = await freshDatabase("pglite");
  await (await openStorage({ ...options, template: template! })).close();
  const engine = await openPglite(options);
  await engine.administer((run) => run("alter role cairn_app bypassrls"));
  await engine.close();
  await expect(openStorage(options)).rejects.toThrow("role cairn_app is a superuser or has BYPASSRLS");
  rmSync(folder, { recursive: true });
});

it("keeps what was written from one opening of a folder to the next (pglite)", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cairn-open-"));
  const { template } = await freshDatabase("pglite");
  const first = await openStorage({ databaseUrl: null, dataDir: folder, template: template! });
  const tenant = await Tenant.make(first);
  const { memory } = await tenant.put({ content: "kept" });
  await expect(openStorage({ databaseUrl: null, dataDir: folder })).rejects.toThrow("is in use by another process");
  await first.close();
  const second = await openStorage({ databaseUrl: null, dataDir: folder });
  const access = tenant.access();
  const visible = { showDeleted: false, showExpired: false };
  expect(await second.memories.get(access, memory.id, visible, tenant.signal)).toEqual(memory);
  expect(second.migrated).toEqual([]);
  await second.close();
  rmSync(folder, { recursive: true });
});

it.each([
  ["full", [1, 2, 3]],
  ["relaxed", [0, 0, 0]],
] as const)(
  "syncs the log before each answer where durability is full, and never else: %s (pglite)",
  async (durability, syncs) => {
    const folder = mkdtempSync(join(tmpdir(), "cairn-open-"));
    const { template } = await freshDatabase("pglite");
    const storage = await openStorage({ databaseUrl: null, dataDir: folder, template: template!, durability });
    const tenant = await Tenant.make(storage);
    await tenant.put();
    const synced = vi.spyOn(fs, "fdatasyncSync");
    syncBuiltinESMExports();
    const answers: number[] = [];
    for (const content of ["one", "two", "three"]) {
      await tenant.put({ content });
      answers.push(synced.mock.calls.length);
    }
    vi.restoreAllMocks();
    syncBuiltinESMExports();
    expect(answers).toEqual(syncs);
    await storage.close();
    rmSync(folder, { recursive: true });
  },
);

it("does not begin anew over a database whose PG_VERSION is gone (pglite)", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cairn-open-"));
  mkdirSync(join(folder, "pglite/global"), { recursive: true });
  writeFileSync(join(folder, "pglite/global/pg_control"), "");
  await expect(openStorage({ databaseUrl: null, dataDir: folder })).rejects.toThrow("its PG_VERSION is missing");
  rmSync(folder, { recursive: true });
});

describeOnPostgres("opening a database", () => {
  /** An empty database of a user who may log in and nothing else, and the way to clean up. */
  async function owned() {
    const name = `cairn_test_${randomBytes(6).toString("hex")}`;
    await administer(postgresUrl!, async (client) => {
      await client.query(`create role ${name} login password 'secret'`);
      await client.query(`create database ${name} owner ${name}`);
    });
    const url = new URL(postgresUrl!);
    url.pathname = `/${name}`;
    const asSuperuser = url.href;
    Object.assign(url, { username: name, password: "secret" });
    const drop = () =>
      administer(postgresUrl!, async (client) => {
        await client.query(`drop database ${name} with (force)`);
        await client.query(`drop role ${name}`);
      });
    return { url: url.href, asSuperuser, drop };
  }

  it("prints what an administrator runs once where its user may not make roles, and then serves that owner", async () => {
    const { url, asSuperuser, drop } = await owned();
    const refused = await openStorage({ databaseUrl: url, dataDir: null }).catch((error) => error);
    expect(refused.name).toBe("StartupFailure");
    expect(refused.message).toContain("an administrator runs once, in this database");
    const [, sql] = refused.message.split(":\n\n");
    await administer(asSuperuser, (client) => client.query(sql));
    const storage = await openStorage({ databaseUrl: url, dataDir: null });
    await expectToServe(storage);
    await storage.close();
    await drop();
  });

  it("migrates once where several processes open it at once", async () => {
    const { asSuperuser, drop } = await owned();
    const opened = await Promise.all(
      Array.from({ length: 4 }, () => openStorage({ databaseUrl: asSuperuser, dataDir: null, poolSize: 2 })),
    );
    expect(opened.filter((storage) => storage.migrated.length > 0)).toHaveLength(1);
    await Promise.all(opened.map(expectToServe));
    await Promise.all(opened.map((storage) => storage.close()));
    await drop();
  });

  it("refuses an empty database where it may not migrate, naming the command", async () => {
    const { asSuperuser, drop } = await owned();
    const call = openStorage({ databaseUrl: asSuperuser, dataDir: null, migrate: false });
    await expect(call).rejects.toThrow(/lacks \d+ migrations .*cairn migrate/);
    await drop();
  });
});
