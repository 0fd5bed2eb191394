import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { openStorage } from "../../src/storage/open-storage.ts";
import type { Storage } from "../../src/storage/storage.ts";
import type { TenancyMode } from "../../src/storage/tenancy.ts";

export type EngineName = "pglite" | "postgres";

const url = process.env.CAIRN_TEST_DATABASE_URL;
if (url === undefined && process.env.CAIRN_TEST_REQUIRE_POSTGRES) throw new Error("CAIRN_TEST_DATABASE_URL is not set");

/** The engines that a suite can run on here. */
export const ENGINES: readonly EngineName[] = url === undefined ? ["pglite"] : ["pglite", "postgres"];

export interface Database {
  readonly storage: Storage;
  /** A client of the database's own user; Postgres only. */
  readonly admin: Client | null;
  close(): Promise<void>;
}

/** A migrated database of its own, gone after `close`. */
export async function openDatabase(engine: EngineName, tenancy: TenancyMode = "both"): Promise<Database> {
  if (engine === "pglite") {
    const storage = await openStorage({ databaseUrl: null, dataDir: null, tenancy });
    return { storage, admin: null, close: () => storage.close() };
  }
  const name = `cairn_${randomUUID().replaceAll("-", "")}`;
  const server = new Client({ connectionString: url });
  await server.connect();
  await server.query(`create database ${name}`);
  const databaseUrl = Object.assign(new URL(url!), { pathname: `/${name}` }).href;
  const storage = await openStorage({ databaseUrl, dataDir: null, poolSize: 4, tenancy });
  const admin = new Client({ connectionString: databaseUrl });
  await admin.connect();
  return {
    storage,
    admin,
    close: async () => {
      await admin.end();
      await storage.close();
      await server.query(`drop database ${name} with (force)`);
      await server.end();
    },
  };
}
