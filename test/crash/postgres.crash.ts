import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Code, ConnectError } from "@connectrpc/connect";
import { Client } from "pg";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Postgres, startPostgres } from "../../scripts/postgres/start-postgres.ts";
import { type ServedProcess, serveProcess } from "../process/served-process.ts";
import { memoryClient } from "./clients.ts";
import { findHalfWritten } from "./half-written.ts";
import { ROOT_KEY, runRounds } from "./rounds.ts";

const RECOVERY_MS = 120_000;

describe("crashes on Postgres, fsync and synchronous_commit on", () => {
  const folder = mkdtempSync(join(tmpdir(), "cairn-crash-"));
  let postgres: Postgres;
  let server: ServedProcess;
  const serve = () =>
    serveProcess({ DATABASE_URL: postgres.url, CAIRN_DATA_DIR: folder, CAIRN_ROOT_KEY: ROOT_KEY, LOG_LEVEL: "fatal" });

  beforeEach(async () => {
    postgres = await startPostgres({ fsync: true, settings: { synchronous_commit: "on" } });
  });
  afterEach(async () => {
    await server?.kill();
    await postgres?.remove();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("kill -9 of the server loses no acknowledged write and leaves none half done", async () => {
    server = await serve();
    await runRounds("kill -9 of the server", {
      url: () => server.url,
      crash: () => server.kill(),
      recover: async () => {
        server = await serve();
      },
      inspect: () => inspect(postgres.url),
    });
    await server.stop();
  });

  it("kill -9 of Postgres loses none either, and the server that lives on serves again by itself", async () => {
    server = await serve();
    await runRounds("kill -9 of Postgres", {
      url: () => server.url,
      crash: () => postgres.kill(),
      recover: async () => {
        await postgres.start();
        await answers(server.url);
      },
      judge: (failure) => {
        const { code, message } = ConnectError.from(failure);
        expect(`${Code[code]}: ${message}`).toMatch(/^Unavailable: /);
      },
      inspect: () => inspect(postgres.url),
    });
    expect(await server.stop()).toBe(0);
  });
});

/** Returns once a call that needs the database succeeds. */
async function answers(url: string): Promise<void> {
  const client = memoryClient(url, ROOT_KEY, "grpc");
  for (const began = Date.now(); ; await delay(20)) {
    try {
      await client.listMemories({ pageSize: 1 });
      return;
    } catch (error) {
      if (Date.now() - began > RECOVERY_MS) throw error;
    }
  }
}

async function inspect(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(
      "select current_setting('fsync') || current_setting('synchronous_commit') as on",
    );
    expect(rows[0].on).toBe("onon");
    await findHalfWritten(async (sql) => (await client.query(sql)).rows);
  } finally {
    await client.end();
  }
}
