import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { extractPostgres, POSTGRES_UID } from "../../scripts/postgres/extract-postgres.ts";
import { type Postgres, startPostgres } from "../../scripts/postgres/start-postgres.ts";
import type { PgliteSession } from "../../src/storage/engine/pglite/pglite-session.ts";
import { openStorage } from "../../src/storage/open-storage.ts";
import { describeOnEngines } from "../app/engines.ts";
import { administer } from "../app/fresh-database.ts";
import { mountSmallDisk, SHORTAGES, type SmallDisk } from "../app/small-disk.ts";
import { LIVE_ONLY, Tenant } from "../store/tenant.ts";
import { type ServedProcess, serveProcess } from "./served-process.ts";

const ROOT_KEY = "cairn_full-disk-test-root-key-0123456789";
const ENOUGH = 3_000;
const REFUSED = 20;

describeOnEngines("a server whose disk is full", (engine) => {
  const folder = mkdtempSync(join(tmpdir(), "cairn-full-"));
  let disk: SmallDisk | null;
  let postgres: Postgres | undefined;
  let server: ServedProcess | undefined;
  const written: string[] = [];

  beforeAll(async () => {
    const path = engine === "pglite" ? join(folder, "disk") : join(extractPostgres().root, "instances/small-disk");
    disk = mountSmallDisk(path, engine === "pglite" ? { mebibytes: 160 } : { mebibytes: 40, uid: POSTGRES_UID });
    if (disk === null) return;
    const environment: Record<string, string> = { CAIRN_DATA_DIR: join(disk.path, "data") };
    if (engine === "postgres") {
      postgres = await startPostgres({ fsync: false });
      await administer(postgres.url, async (client) => {
        await client.query("create tablespace small location '/instances/small-disk'");
        await client.query("create database small tablespace small");
      });
      environment.DATABASE_URL = postgres.url.replace(/[^/]*$/, "small");
      environment.CAIRN_DATA_DIR = folder;
    }
    server = await serveProcess({
      ...environment,
      CAIRN_ROOT_KEY: ROOT_KEY,
      LOG_LEVEL: "info",
      SWEEP_INTERVAL_MS: "100",
    });
  });
  afterAll(async () => {
    await server?.kill();
    await postgres?.remove();
    disk?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  async function call(path: string, body?: unknown): Promise<{ status: number; answer: Record<string, unknown> }> {
    const response = await fetch(`${server!.url}/api/v1/memories${path}`, {
      headers: { authorization: `Bearer ${ROOT_KEY}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    });
    return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
  }
  /** Answers the status, and notes the memory where it was written. */
  async function write(): Promise<{ status: number; text: string }> {
    const content = Array.from({ length: 300 }, () => Math.random().toString(36).slice(2)).join(" ");
    const { status, answer } = await call("", { kind: "fact", content });
    if (status < 300) written.push((answer.memory as { id: string }).id);
    return { status, text: JSON.stringify(answer) };
  }
  async function expectAllReadable(): Promise<void> {
    for (const id of written) expect((await call(`/${id}`)).status).toBe(200);
  }
  const lines = (text: string) => server!.output().split(text).length - 1;

  it.for(SHORTAGES)(
    "refuses writes for want of %s, says so once, reads on and loses nothing",
    async (what, { skip }) => {
      if (disk === null) return skip();
      const before = lines("takes no writes");
      for (let i = 0; i < 10; i++) expect((await write()).status).toBeLessThan(300);
      disk.fill(what);
      let refused = 0;
      for (let i = 0; i < ENOUGH && refused < REFUSED; i++) {
        const { status, text } = await write();
        if (status < 300) continue;
        refused++;
        expect([status, text]).toEqual([507, expect.stringContaining("STORAGE_FULL")]);
      }
      expect(refused).toBe(REFUSED);
      await expectAllReadable();
      await expect.poll(() => lines("takes no writes")).toBe(before + 1);
      disk.free();
      await expect.poll(async () => (await write()).status, { timeout: 30_000 }).toBeLessThan(300);
      await expectAllReadable();
      await expect.poll(() => lines("takes writes again")).toBe(before + 1);
    },
  );

  it.runIf(engine === "pglite")(
    "ends with a PANIC that is told, answers nothing after it and has lost nothing",
    async ({ skip }) => {
      if (disk === null) return skip();
      expect(await server!.stop()).toBe(0);
      const options = { databaseUrl: null, dataDir: join(disk.path, "data") };
      const ends: string[] = [];
      const storage = await openStorage({ ...options, onEnd: (error) => ends.push(error.message) });
      const tenant = await Tenant.make(storage);
      const { memory } = await tenant.put({ content: "kept" });
      disk.fill("space");
      // Maintenance would not ask for it now.
      await expect((storage.session as PgliteSession).maintain("checkpoint")).rejects.toThrow();
      disk.free();
      const unavailable = { reason: "STORAGE_UNAVAILABLE" };
      await expect(tenant.put()).rejects.toMatchObject(unavailable);
      await expect(tenant.get(memory.id)).rejects.toMatchObject(unavailable);
      await expect(storage.agents.find(tenant.workspaceId, "x")).rejects.toMatchObject(unavailable);
      expect(ends).toEqual([
        expect.stringMatching(/^the embedded database has ended: PANIC: .*No space left on device$/),
      ]);
      await storage.close();
      const again = await openStorage(options);
      expect(await again.memories.get(tenant.access(), memory.id, LIVE_ONLY, tenant.signal)).toEqual(memory);
      await again.close();
    },
  );
});
