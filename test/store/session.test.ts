import { getEventListeners } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { portToKeep } from "../../scripts/postgres/port-to-keep.ts";
import { inWorkspace } from "../../src/storage/engine/session.ts";
import { openStorage } from "../../src/storage/open-storage.ts";
import { describeOnEngines, describeOnPostgres } from "../app/engines.ts";
import { administer, freshDatabase } from "../app/fresh-database.ts";
import { type Database, openDatabase } from "../search/open-database.ts";
import { ids, pause, Tenant } from "./tenant.ts";

const scope = inWorkspace(ids.next());
const statement = (text: string, name: string | null = null) => ({ name, text });
const terminateSleepers = (client: Client) =>
  client.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and query like '%pg_sleep%' and state = 'active'`);
const SLEEP = statement("select pg_sleep($1::float8)::text as slept", "sleep");

describeOnEngines("a session", (engine) => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase(engine);
  });
  afterAll(() => database.close());
  const session = () => database.storage.session;

  it("answers every type as the stores read it", async () => {
    const text = `select 1::smallint i2, 2::integer i4, 9007199254740991::bigint i8, 0.1::float8 f8, true yes, null::text nothing,
      '{"a": [1, null]}'::jsonb j, array['a', 'b"c', 'd,e', 'f\\g', '', 'NULL', '{}'] texts, '{}'::text[] none,
      '2026-11-21 10:07:25.123+05:30'::timestamptz t, '\\x00ff'::bytea b, 'x' s`;
    const [row] = await session().run(scope, statement(text), [], null);
    expect(row).toEqual({
      ...{ i2: 1, i4: 2, i8: Number.MAX_SAFE_INTEGER, f8: 0.1, yes: true, nothing: null, j: { a: [1, null] } },
      texts: ["a", 'b"c', "d,e", "f\\g", "", "NULL", "{}"],
      none: [],
      t: new Date("2026-11-21T04:37:25.123Z"),
      b: new Uint8Array([0, 255]),
      s: "x",
    });
  });

  it("reads instants in any time zone of the session", async () => {
    const instant = new Date("2026-11-21T04:37:25.123Z");
    for (const zone of ["Asia/Kolkata", "America/St_Johns", "UTC", "Asia/Kathmandu"]) {
      const rows = await session().transaction(scope, null, async (tx) => {
        await tx.exec(`set local time zone '${zone}'`);
        return tx.query(statement("select $1::timestamptz as t"), [instant.toISOString()]);
      });
      expect(rows).toEqual([{ t: instant }]);
    }
  });

  it.runIf(engine === "pglite")("serves after thousands of statements that failed", async () => {
    const division = statement("select 1 / $1::integer as answer");
    const codes = new Set<unknown>();
    for (let i = 0; i < 2_000; i++) {
      await session()
        .run(scope, division, [0], null)
        .catch((error) => codes.add(error.code));
    }
    expect([...codes]).toEqual(["22012"]);
    expect(await session().run(scope, division, [1], null)).toEqual([{ answer: 1 }]);
  });

  it("rolls back a transaction that throws, and serves the next", async () => {
    const failing = session().transaction(scope, null, async (tx) => {
      await tx.exec("create temporary table gone (id int)").catch(() => {});
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await session().run(scope, statement("select to_regclass('gone') as gone"), [], null)).toEqual([
      { gone: null },
    ]);
  });

  it("serves on after statements that fail, prepared under a name or not", async () => {
    for (const name of [null, "divide"]) {
      await expect(session().run(scope, statement("select 1 / $1::int as n", name), [0], null)).rejects.toMatchObject({
        code: "22012",
      });
      expect(await session().run(scope, statement("select 1 / $1::int as n", name), [1], null)).toEqual([{ n: 1 }]);
      await expect(session().run(scope, statement("selec", name && "broken"), [], null)).rejects.toMatchObject({
        code: "42601",
      });
    }
    expect(await session().run(scope, SLEEP, [0], null)).toEqual([{ slept: "" }]);
  });

  it("runs a transaction again that lost a race, and gives up in the end", async () => {
    let runs = 0;
    const fail = "do $$ begin raise exception 'race' using errcode = '40001'; end $$";
    const rows = await session().transaction(scope, null, async (tx) => {
      runs++;
      if (runs < 3) {
        await tx.query(statement(fail), []);
      }
      return tx.query(statement("select 1 as one"), []);
    });
    expect([rows, runs]).toEqual([[{ one: 1 }], 3]);
    await expect(session().run(scope, statement(fail), [], null)).rejects.toMatchObject({ reason: "OVERLOADED" });
  });

  it("does not begin for a caller who has gone, and throws the signal's own reason", async () => {
    const reason = new Error("the caller's own");
    const call = session().run(scope, statement("select 1 as one"), [], AbortSignal.abort(reason));
    await expect(call).rejects.toBe(reason);
    await expect(session().run(scope, SLEEP, [0], AbortSignal.abort())).rejects.toMatchObject({ reason: "CANCELLED" });
  });

  it("stops a transaction between its statements", async () => {
    const controller = new AbortController();
    const call = session().transaction(scope, controller.signal, async (tx) => {
      await tx.query(statement("select 1 as one"), []);
      controller.abort();
      return tx.query(statement("select 2 as two"), []);
    });
    await expect(call).rejects.toMatchObject({ reason: "CANCELLED" });
    expect(await session().run(scope, SLEEP, [0], null)).toHaveLength(1);
  });

  it("lets a caller leave the queue for a connection", async () => {
    const controller = new AbortController();
    const open = Promise.withResolvers<void>();
    const holders = Array.from({ length: 4 }, () => session().transaction(scope, null, () => open.promise));
    const waiting = session().run(scope, SLEEP, [0], controller.signal);
    await pause(20);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ reason: "CANCELLED" });
    open.resolve();
    await Promise.all(holders);
    expect(await session().run(scope, SLEEP, [0], null)).toHaveLength(1);
  });

  it("answers OVERLOADED where no connection gets free in time", async () => {
    const fresh = await freshDatabase(engine);
    // Time enough for the holders themselves to connect.
    const options = { databaseUrl: fresh.url, dataDir: null, poolSize: 2, poolWaitMs: 1500 };
    const storage = await openStorage(fresh.template ? { ...options, template: fresh.template } : options);
    const open = Promise.withResolvers<void>();
    const holders = Array.from({ length: engine === "pglite" ? 1 : 2 }, () =>
      storage.session.transaction(scope, null, () => open.promise),
    );
    await expect(storage.session.run(scope, SLEEP, [0], null)).rejects.toMatchObject({ reason: "OVERLOADED" });
    await expect(storage.agents.find(ids.next(), "x")).rejects.toMatchObject({ reason: "OVERLOADED" });
    open.resolve();
    await Promise.all(holders);
    expect(await storage.agents.find(ids.next(), "x")).toBeNull();
    await storage.close();
    await fresh.drop();
  });
});

describeOnPostgres("a session on Postgres", (engine) => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase(engine);
  });
  afterAll(() => database.close());
  const session = () => database.storage.session;

  it("ends a transaction whose process has stopped, and with it its locks", async () => {
    const options = { databaseUrl: database.url, dataDir: null, poolSize: 2, statementTimeoutMs: 300 };
    const storage = await openStorage(options);
    const lock = statement("select pg_try_advisory_xact_lock(4711) as locked");
    const stopped = storage.session.transaction(scope, null, async (tx) => {
      await tx.query(lock, []);
      await pause(1500);
      return tx.query(lock, []);
    });
    await pause(1000);
    expect(await storage.session.run(scope, lock, [], null)).toEqual([{ locked: true }]);
    await expect(stopped).rejects.toMatchObject({ reason: "STORAGE_UNAVAILABLE" });
    await storage.close();
  });

  it("cancels the statement of a caller who goes, and keeps the connection", async () => {
    // All four at once: each stays in its transaction until the last has begun.
    const pids = async () => {
      let begun = 0;
      const all = Promise.withResolvers<void>();
      const own = async () =>
        session().transaction(scope, null, async (tx) => {
          const [row] = await tx.query(statement("select pg_backend_pid() as pid"), []);
          if (++begun === 4) all.resolve();
          await all.promise;
          return row!.pid as number;
        });
      return new Set(await Promise.all(Array.from({ length: 4 }, own)));
    };
    const before = await pids();
    for (let i = 0; i < 20; i++) {
      const controller = new AbortController();
      const start = performance.now();
      const call = session().run(scope, SLEEP, [50], controller.signal);
      setTimeout(() => controller.abort(), i);
      await expect(call).rejects.toMatchObject({ reason: "CANCELLED" });
      expect(performance.now() - start).toBeLessThan(25_000);
    }
    expect(await pids()).toEqual(before);
  });

  it("keeps nothing of 1,000 cancelled calls and 1,000 that timed out", async () => {
    const backends = async () => {
      const { rows } = await administer(database.url!, (client) =>
        client.query(
          "select pid, state from pg_stat_activity where application_name = 'cairn' and datname = current_database()",
        ),
      );
      return rows as { pid: number; state: string }[];
    };
    const prepared = () =>
      session().run(scope, statement("select count(*)::int as n from pg_prepared_statements"), [], null);
    const cancelled = async () => {
      const controller = new AbortController();
      const call = session().run(scope, SLEEP, [20], controller.signal);
      setTimeout(() => controller.abort(), 1);
      await expect(call).rejects.toMatchObject({ reason: "CANCELLED" });
      return controller.signal;
    };
    const timedOut = async () => {
      const signal = AbortSignal.timeout(1);
      await expect(session().run(scope, SLEEP, [20], signal)).rejects.toMatchObject({ reason: "DEADLINE_EXCEEDED" });
      return signal;
    };
    await Promise.all([cancelled(), timedOut(), cancelled(), timedOut()]);
    const [before, timers] = [await backends(), process.getActiveResourcesInfo().length];
    for (let round = 0; round < 100; round++) {
      const signals = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? cancelled() : timedOut())));
      expect(signals.map((signal) => getEventListeners(signal, "abort").length)).toEqual(Array(20).fill(0));
    }
    const after = await backends();
    // Four of the pool, and the one that cancels.
    expect(after.length).toBeLessThanOrEqual(Math.max(5, before.length));
    expect(after.filter(({ state }) => state !== "idle")).toEqual([]);
    expect((await prepared())[0]!.n).toBeLessThan(10);
    expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(timers + 5);
  });

  it("never lets a cancellation hit the next caller of the connection, nor commit half", async () => {
    const one = await openStorage({ databaseUrl: database.url, dataDir: null, poolSize: 1 });
    const workspace = inWorkspace((await Tenant.make(one)).workspaceId);
    let cancelled = 0;
    for (let i = 0; i < 200; i++) {
      const controller = new AbortController();
      const id = ids.next();
      const write = one.session.run(
        workspace,
        statement(
          "insert into agent (workspace_id, id, handle) values (current_setting('cairn.workspace')::uuid, $1::uuid, $2) returning id, pg_sleep(0.002)",
          "put",
        ),
        [id, id],
        controller.signal,
      );
      const wait = i % 5;
      wait === 0 ? setImmediate(() => controller.abort()) : setTimeout(() => controller.abort(), wait / 4);
      const outcome = await write.then(
        () => "written",
        (error) => error.reason,
      );
      const found = await one.session.run(
        workspace,
        statement("select 1 as one from agent where id = $1::uuid", "find"),
        [id],
        null,
      );
      expect([outcome, found.length]).toEqual(outcome === "written" ? ["written", 1] : ["CANCELLED", 0]);
      cancelled += outcome === "written" ? 0 : 1;
    }
    expect(cancelled).toBeGreaterThan(0);
    await one.close();
  });

  it("answers DEADLINE_EXCEEDED at the statement timeout", async () => {
    const slow = await openStorage({ databaseUrl: database.url, dataDir: null, statementTimeoutMs: 1000 });
    await expect(slow.session.run(scope, SLEEP, [30], null)).rejects.toMatchObject({ reason: "DEADLINE_EXCEEDED" });
    await slow.close();
  });

  it("answers STORAGE_UNAVAILABLE where a connection breaks, and serves on with another", async () => {
    const broken = expect(session().run(scope, SLEEP, [30], null)).rejects.toMatchObject({
      reason: "STORAGE_UNAVAILABLE",
    });
    await expect.poll(() => administer(database.url!, terminateSleepers)).toMatchObject({ rowCount: 1 });
    await broken;
    expect(await session().run(scope, SLEEP, [0], null)).toHaveLength(1);
  });

  describe("behind a network that fails", () => {
    it("gives up a connection that answers nothing, so that the pool has room again", async () => {
      const target = new URL(database.url!);
      let isSilent = false;
      const proxy = createServer((near) => {
        const far = connect(Number(target.port), target.hostname);
        for (const [from, to] of [
          [near, far],
          [far, near],
        ] as const) {
          from.on("error", () => {}).on("close", () => to.destroy());
          from.on("data", (bytes) => isSilent || to.write(bytes));
        }
      });
      await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
      const url = new URL(target);
      url.port = String((proxy.address() as { port: number }).port);
      const storage = await openStorage({ databaseUrl: url.href, dataDir: null, poolSize: 1, connectTimeoutMs: 1_000 });
      await storage.ping(null);
      isSilent = true;
      const call = storage.session.run(scope, SLEEP, [0], AbortSignal.timeout(300));
      await expect(call).rejects.toMatchObject({ reason: "DEADLINE_EXCEEDED" });
      isSilent = false;
      await storage.ping(null);
      await storage.close();
      proxy.close();
    });

    it("leaves no connection behind whose cancellation had no answer, nor one that it may hit later", async () => {
      const target = new URL(database.url!);
      const open = new Set<Socket>();
      // The pool's two connections answer; those that come after them, the cancellations', fall silent once they are open.
      let silentAfter = Number.POSITIVE_INFINITY;
      let connections = 0;
      const proxy = createServer((near) => {
        const far = connect(Number(target.port), target.hostname);
        const mayFallSilent = ++connections > silentAfter;
        open.add(near);
        near.on("error", () => {}).on("close", () => open.delete(near) && far.destroy());
        far.on("error", () => {}).on("close", () => near.destroy());
        near.on("data", (bytes) => (mayFallSilent && bytes.includes("pg_cancel_backend")) || far.write(bytes));
        far.on("data", (bytes) => near.write(bytes));
      });
      await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
      const url = new URL(target);
      url.port = String((proxy.address() as { port: number }).port);
      const storage = await openStorage({ databaseUrl: url.href, dataDir: null, poolSize: 2, cancelTimeoutMs: 50 });
      const idle = open.size;
      silentAfter = 0;
      const backends = new Set<unknown>();
      for (let round = 0; round < 20; round++) {
        const [row] = await storage.session.run(scope, statement("select pg_backend_pid() as pid"), [], null);
        backends.add(row!.pid);
        const calls = [1, 2].map(() => storage.session.run(scope, SLEEP, [20], AbortSignal.timeout(10)));
        for (const { status, reason } of (await Promise.allSettled(calls)) as PromiseRejectedResult[]) {
          expect([status, reason.reason]).toEqual(["rejected", "DEADLINE_EXCEEDED"]);
        }
      }
      expect(backends.size).toBe(20);
      await expect.poll(() => open.size).toBeLessThanOrEqual(idle);
      await storage.close();
      expect(open.size).toBe(0);
      proxy.close();
    });

    it("answers STORAGE_UNAVAILABLE, for calls under way and new ones, until it is back", async () => {
      const target = new URL(database.url!);
      const sockets = new Set<Socket>();
      const proxy = createServer((near) => {
        const far = connect(Number(target.port), target.hostname);
        for (const socket of [near, far]) {
          sockets.add(socket);
          socket.on("error", () => {});
          socket.on("close", () => sockets.delete(socket));
        }
        near.pipe(far).pipe(near);
      });
      const port = await portToKeep();
      await new Promise<void>((resolve) => proxy.listen(port, "127.0.0.1", resolve));
      const url = new URL(target);
      url.port = String(port);
      const storage = await openStorage({ databaseUrl: url.href, dataDir: null, poolSize: 2 });
      const running = storage.session.run(scope, SLEEP, [10], null);
      const transaction = storage.session.transaction(scope, null, (tx) => tx.query(SLEEP, [10]));
      await pause(100);
      proxy.close();
      for (const socket of sockets) {
        socket.resetAndDestroy();
      }
      const broken = { status: "rejected", reason: { reason: "STORAGE_UNAVAILABLE" } };
      expect(await Promise.allSettled([running, transaction])).toMatchObject([broken, broken]);
      await expect(storage.session.run(scope, SLEEP, [0], null)).rejects.toMatchObject({
        reason: "STORAGE_UNAVAILABLE",
      });
      await expect(storage.agents.find(ids.next(), "x")).rejects.toMatchObject({ reason: "STORAGE_UNAVAILABLE" });
      await new Promise<void>((resolve) => proxy.listen(port, "127.0.0.1", resolve));
      expect(await storage.session.run(scope, SLEEP, [0], null)).toHaveLength(1);
      await storage.close();
      proxy.close();
    });
  });
});
