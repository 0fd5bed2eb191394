import { setTimeout as delay } from "node:timers/promises";
import type { PGlite } from "@electric-sql/pglite";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Engine } from "../../src/storage/engine/engine.ts";
import { openPglite } from "../../src/storage/engine/pglite/open-pglite.ts";
import { PgliteMaintenance } from "../../src/storage/engine/pglite/pglite-maintenance.ts";
import type { PgliteSession } from "../../src/storage/engine/pglite/pglite-session.ts";
import { inWorkspace } from "../../src/storage/engine/session.ts";
import { freshDatabase } from "../app/fresh-database.ts";
import { ids } from "./tenant.ts";

let engine: Engine;
let session: PgliteSession;
beforeEach(async () => {
  const { template } = await freshDatabase("pglite");
  engine = await openPglite({ databaseUrl: null, dataDir: null, template: template! });
  session = engine.session as unknown as PgliteSession;
});
afterEach(async () => {
  vi.useRealTimers();
  await engine.close();
});

const write = () => session.run(inWorkspace(ids.next()), { name: null, text: "select count(*) from memory" }, [], null);

async function pglite(): Promise<PGlite> {
  return (engine.orm.em.getConnection() as unknown as { getNativeClient(): Promise<PGlite> }).getNativeClient();
}

/** Where the last checkpoint is in the log, and how often `memory` was vacuumed. */
async function state(): Promise<{ checkpoint: string; vacuums: number }> {
  const { query } = await pglite().then((client) => ({ query: client.query.bind(client) }));
  await query("select pg_stat_force_next_flush()");
  const { rows } = await query<{ checkpoint: string; vacuums: number }>(
    `select (select checkpoint_lsn from pg_control_checkpoint())::text as checkpoint,
      (select vacuum_count from pg_stat_user_tables where relname = 'memory')::integer as vacuums`,
  );
  return rows[0]!;
}

it("checkpoints once a minute where there was anything to do, and not again where there was not", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const maintenance = new PgliteMaintenance(session, () => {});
  const before = await state();
  await write();
  vi.advanceTimersByTime(60_000);
  await expect.poll(async () => (await state()).checkpoint).not.toBe(before.checkpoint);
  const after = await state();
  expect(after.vacuums).toBe(before.vacuums);
  vi.advanceTimersByTime(60_000);
  await maintenance.close();
  vi.advanceTimersByTime(60_000);
  await session.maintain("select 1");
  expect((await state()).vacuums).toBe(before.vacuums + 1);
});

it("lets the transaction that runs end before it closes, and turns away the others", async () => {
  const slow = session.transaction(inWorkspace(ids.next()), null, async (tx) => {
    for (let turn = 0; turn < 3; turn++) {
      await tx.query({ name: null, text: "select count(*) from memory" }, []);
      await delay(20);
    }
    return "committed";
  });
  const waiting = [write(), write(), session.inTurn(null, async () => {})];
  const closed = engine.close();
  const closing = { status: "rejected", reason: expect.objectContaining({ reason: "STORAGE_UNAVAILABLE" }) };
  expect(await Promise.allSettled([slow, ...waiting])).toEqual([
    { status: "fulfilled", value: "committed" },
    ...[closing, closing, closing],
  ]);
  await closed;
  await expect(write()).rejects.toMatchObject({ reason: "STORAGE_UNAVAILABLE" });
});

it("vacuums and checkpoints at close", async () => {
  const maintenance = new PgliteMaintenance(session, () => {});
  const before = await state();
  await write();
  await maintenance.close();
  const after = await state();
  expect(after.vacuums).toBe(before.vacuums + 1);
  expect(after.checkpoint).not.toBe(before.checkpoint);
  await maintenance.close();
  expect(await state()).toEqual(after);
});

it("waits its turn behind a transaction, and tells of a failure instead of throwing it", async () => {
  const warnings: string[] = [];
  const maintenance = new PgliteMaintenance(session, (warning) => warnings.push(warning));
  const open = Promise.withResolvers<void>();
  const holder = session.transaction(inWorkspace(ids.next()), null, () => open.promise);
  const closing = maintenance.close();
  open.resolve();
  await Promise.all([holder, closing]);
  expect(warnings).toEqual([]);
  await write();
  await (await pglite()).close();
  await maintenance.close();
  expect(warnings).toEqual([expect.stringContaining("maintenance of the embedded database failed")]);
});
