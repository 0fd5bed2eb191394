import { randomBytes } from "node:crypto";
import pg from "pg";
import { StartupFailure } from "./startup-failure.ts";

export interface TemporaryDatabase {
  readonly url: string;
  /** Erases it, whoever is still connected. */
  drop(): Promise<void>;
}

/** Makes a database of its own on the server of a URL, named `cairn_<purpose>_<random>`. Its user needs CREATEDB. */
export async function createTemporaryDatabase(databaseUrl: string, purpose: string): Promise<TemporaryDatabase> {
  const name = `cairn_${purpose}_${randomBytes(6).toString("hex")}`;
  try {
    await runAlone(databaseUrl, `create database ${name}`);
  } catch (error) {
    throw new StartupFailure(`cannot make a temporary database on that Postgres: ${(error as Error).message}`, error);
  }
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => runAlone(databaseUrl, `drop database if exists ${name} with (force)`) };
}

async function runAlone(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5000 });
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
