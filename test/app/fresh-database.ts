import { createHash, randomBytes } from "node:crypto";
import { globSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { migrate } from "../../src/storage/engine/migrate.ts";
import { openPglite } from "../../src/storage/engine/pglite/open-pglite.ts";
import { openStorage } from "../../src/storage/open-storage.ts";
import { type EngineName, postgresUrl } from "./engines.ts";

/** A migrated database that no other suite uses. */
export interface FreshDatabase {
  readonly engine: EngineName;
  /** Null for PGlite. */
  readonly url: string | null;
  /** PGlite's folder to start from, in memory. */
  readonly template?: Blob;
  /** Erases it; every app on it is closed by then. */
  drop(): Promise<void>;
}

/** Milliseconds where an earlier suite of the same schema has left a template behind, a few seconds otherwise. */
export async function freshDatabase(engine: EngineName): Promise<FreshDatabase> {
  return engine === "pglite"
    ? { engine, url: null, template: await pgliteTemplate(), drop: async () => {} }
    : await freshPostgres(postgresUrl!);
}

/** Names the schema of this checkout: templates of another one, or of another checkout that is being edited, are not used. */
function schemaHash(): string {
  const hash = createHash("sha256").update(import.meta.dirname);
  for (const file of globSync(
    join(import.meta.dirname, "../../src/storage/{migrations/*,engine/migrate,engine/roles}.ts"),
  ).sort()) {
    hash.update(readFileSync(file));
  }
  hash.update(readFileSync(join(import.meta.dirname, "../../node_modules/@electric-sql/pglite/package.json")));
  return hash.digest("hex").slice(0, 16);
}

async function pgliteTemplate(): Promise<Blob> {
  const file = join(tmpdir(), `cairn-test-${schemaHash()}.tar`);
  try {
    return new Blob([readFileSync(file)]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const engine = await openPglite({ databaseUrl: null, dataDir: null });
  await engine.administer((administer) => migrate(engine.orm, administer));
  const client = engine.orm.em.getConnection() as unknown as { getNativeClient(): Promise<PGlite> };
  const dump = Buffer.from(await (await (await client.getNativeClient()).dumpDataDir("none")).arrayBuffer());
  await engine.close();
  // Another suite may be at it as well: a rename leaves one whole file, whoever comes last.
  const aside = `${file}.${randomBytes(4).toString("hex")}`;
  writeFileSync(aside, dump);
  renameSync(aside, file);
  return new Blob([dump]);
}

const TEMPLATE_LOCK = 7342999;

async function freshPostgres(administratorUrl: string): Promise<FreshDatabase> {
  const name = `cairn_test_${process.env.CAIRN_TEST_RUN ?? "alone"}_${randomBytes(6).toString("hex")}`;
  const template = `cairn_template_${schemaHash()}`;
  await administer(administratorUrl, async (client) => {
    await client.query("select pg_advisory_lock($1)", [TEMPLATE_LOCK]);
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [template]);
    if (rowCount === 0) {
      await makeTemplate(administratorUrl, client, template);
    }
    await client.query(`create database ${name} template ${template}`);
  });
  const drop = () =>
    administer(administratorUrl, async (client) => {
      await client.query(`drop database if exists ${name} with (force)`);
    });
  return { engine: "postgres", url: withDatabase(administratorUrl, name), drop };
}

/** Migrated under another name first, so that a suite that is cut short leaves no half of a template. */
async function makeTemplate(administratorUrl: string, client: pg.Client, template: string): Promise<void> {
  const draft = `${template}_draft`;
  await client.query(`drop database if exists ${draft} with (force)`);
  await client.query(`create database ${draft}`);
  await (await openStorage({ databaseUrl: withDatabase(administratorUrl, draft), dataDir: null })).close();
  await client.query(`alter database ${draft} rename to ${template}`);
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

/** Runs SQL as the user of the URL, on a connection of its own. */
export async function administer<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
