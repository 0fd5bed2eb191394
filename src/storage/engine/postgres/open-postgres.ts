import { MikroORM } from "@mikro-orm/postgresql";
import { Client, type ClientConfig, type Pool } from "pg";
import type { Engine } from "../engine.ts";
import type { Administer } from "../migrate.ts";
import { ORM_CONFIG } from "../orm-config.ts";
import { checkVersions } from "../server-versions.ts";
import { sqlState } from "../sql-failure.ts";
import { StartupFailure } from "../startup-failure.ts";
import type { StorageOptions } from "../storage-options.ts";
import { tenancyOf } from "../tenancy.ts";
import { PostgresCanceller } from "./postgres-canceller.ts";
import { PostgresSession } from "./postgres-session.ts";

const ADVISORY_LOCK = 7342001;

/** Connects, and checks that the server and its pgvector are new enough. */
export async function openPostgres(options: StorageOptions & { databaseUrl: string }): Promise<Engine> {
  const connect: ClientConfig = {
    connectionString: options.databaseUrl,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    application_name: "cairn",
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
  await checkServer(connect, options);
  const poolSize = options.poolSize ?? 10;
  const orm = await MikroORM.init({
    ...ORM_CONFIG,
    clientUrl: options.databaseUrl,
    pool: { min: 0, max: poolSize, idleTimeoutMillis: 60_000 },
    driverOptions: { ...connect, pipeline: true },
  });
  const pool = (await orm.em.getConnection().getNativeClient()) as Pool;
  const canceller = new PostgresCanceller(connect, options.cancelTimeoutMs);
  const session = new PostgresSession({
    pool,
    poolSize,
    poolWaitMs: options.poolWaitMs ?? 2_000,
    statementTimeoutMs: options.statementTimeoutMs ?? 30_000,
    forced: tenancyOf(options.tenancy ?? "both").forced,
    canceller,
  });
  return {
    name: "postgres",
    orm,
    session,
    administer: (work) => withClient(connect, work),
    close: async () => {
      await orm.close(true);
      await canceller.close();
    },
  };
}

async function withClient<T>(config: ClientConfig, work: (administer: Administer) => Promise<T>): Promise<T> {
  const client = new Client(config);
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [ADVISORY_LOCK]);
    return await work(async (sql, values) => (await client.query(sql, values as unknown[])).rows);
  } finally {
    // Closing the connection lets the lock go.
    await client.end();
  }
}

async function checkServer(config: ClientConfig, options: StorageOptions): Promise<void> {
  const client = new Client(config);
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (error) {
    const where = `${client.host}:${client.port}/${client.database}`;
    const code = (error as { code?: string }).code;
    throw new StartupFailure(
      `cannot connect to Postgres at ${where}: ${code ?? (error as Error).message}${describe(error)}`,
      error,
    );
  }
  try {
    const { rows } = await client.query(
      `select current_setting('server_version_num')::int as postgres,
        (select coalesce(e.installed_version, e.default_version) from pg_available_extensions e where e.name = 'vector') as vector`,
    );
    const warning = checkVersions(rows[0]);
    if (warning !== null) {
      options.onWarning?.(warning);
    }
  } finally {
    await client.end();
  }
}

function describe(error: unknown): string {
  return sqlState(error) === null ? "" : ` (${(error as Error).message})`;
}
