import type { MikroORM } from "@mikro-orm/sql";
import { MIGRATIONS } from "../migrations/migrations.ts";
import { administratorSql, createRole, EXTENSIONS, grantRole, INSPECT_ROLES, ROLES, type RoleRow } from "./roles.ts";
import { sqlState } from "./sql-failure.ts";
import { StartupFailure } from "./startup-failure.ts";

/** Runs SQL as the database's own user, outside of any transaction of ours. */
export type Administer = (sql: string, values?: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>;

/** Names of migrations that the database has not seen, oldest first. Throws where a newer Cairn migrated it. */
export async function pendingMigrations(administer: Administer): Promise<readonly string[]> {
  const [table] = await administer(`select to_regclass('public.mikro_orm_migrations') is not null as present`);
  const done = table?.present ? await administer(`select name from public.mikro_orm_migrations`) : [];
  const known = MIGRATIONS.map((migration) => migration.name);
  const newer = done.map((row) => String(row.name)).filter((name) => !known.includes(name));
  if (newer.length > 0) {
    throw new StartupFailure(`the database was migrated by a newer Cairn (it has ${newer.join(", ")})`);
  }
  const seen = new Set(done.map((row) => row.name));
  return known.filter((name) => !seen.has(name));
}

/** Makes roles and extensions where they are missing, then runs the migrations. The caller holds the lock. */
export async function migrate(orm: MikroORM, administer: Administer): Promise<readonly string[]> {
  await prepareCluster(administer);
  const done = await orm.migrator.up();
  return done.map((migration) => migration.name);
}

async function prepareCluster(administer: Administer): Promise<void> {
  try {
    for (const row of await inspect(administer)) {
      if (!row.present) {
        await administer(createRole(row.name));
      }
    }
    const [user] = await administer("select current_user as name");
    for (const role of ROLES) {
      if (!(await canBecome(administer, role))) {
        await administer(grantRole(role, String(user!.name)));
      }
    }
    for (const extension of EXTENSIONS) {
      await administer(`create extension if not exists ${extension}`);
    }
  } catch (error) {
    if (sqlState(error) !== "42501") {
      throw error;
    }
    const [user] = await administer("select current_user as name");
    const missing = (await inspect(administer)).filter((row) => !row.present).map((row) => row.name);
    throw new StartupFailure(
      `the database's user may not make the roles or extensions that Cairn needs; an administrator runs once, in this database:\n\n${administratorSql(String(user!.name), missing)}`,
      error,
    );
  }
}

async function inspect(administer: Administer): Promise<readonly RoleRow[]> {
  return (await administer(INSPECT_ROLES, [`{${ROLES.join(",")}}`])) as unknown as readonly RoleRow[];
}

/** Tried rather than asked: what membership allows differs between versions of Postgres. */
async function canBecome(administer: Administer, role: string): Promise<boolean> {
  try {
    await administer(`set role ${role}`);
    return true;
  } catch (error) {
    if (sqlState(error) === "42501") {
      return false;
    }
    throw error;
  } finally {
    await administer("reset role");
  }
}

/** Refuses to start where row-level security would not bind the application, or the user cannot take its roles. */
export async function checkRoles(administer: Administer): Promise<void> {
  for (const row of await inspect(administer)) {
    if (!row.present) {
      throw new StartupFailure(`role ${row.name} is missing; run: cairn migrate`);
    }
    if (row.evades) {
      throw new StartupFailure(
        `role ${row.name} is a superuser or has BYPASSRLS, so row-level security would not hold; alter role ${row.name} nosuperuser nobypassrls`,
      );
    }
    if (!(await canBecome(administer, row.name))) {
      throw new StartupFailure(`the database's user may not take role ${row.name}; run: cairn migrate`);
    }
  }
}
