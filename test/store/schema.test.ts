import { MikroORM } from "@mikro-orm/postgresql";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ORM_CONFIG } from "../../src/storage/engine/orm-config.ts";
import { asApplication, asOperator, asWorker, inWorkspace, type Scope } from "../../src/storage/engine/session.ts";
import { sqlState } from "../../src/storage/engine/sql-failure.ts";
import { describeOnEngines } from "../app/engines.ts";
import { type Database, openDatabase } from "../search/open-database.ts";
import { ids, Tenant } from "./tenant.ts";

/** The table of migrations, and what SQL alone knows: a generated column that nothing reads. */
const UNDESCRIBED = ["mikro_orm_migrations", "memory.tsv"];
const TYPE_NAMES: Readonly<Record<string, string>> = {
  int: "integer",
  "timestamptz(3)": "timestamp(3) with time zone",
};

/** Every column of every entity: its type, whether it may be null, whether it is of the primary key. */
async function describedColumns(): Promise<string[]> {
  const orm = new MikroORM({ ...ORM_CONFIG, dbName: "unused" });
  const columns = [...orm.getMetadata().getAll().values()].flatMap((meta) =>
    meta.props.map(({ fieldNames, columnTypes, nullable, primary }) => {
      const type = TYPE_NAMES[columnTypes[0]!] ?? columnTypes[0];
      return `${meta.tableName}.${fieldNames[0]} ${type}${nullable ? " null" : ""}${primary ? " primary" : ""}`;
    }),
  );
  await orm.close(true);
  return columns;
}

/** Control tables: not a tenant's data, so that their keys may begin otherwise. */
const CONTROL = ["api_key"];

describeOnEngines("the schema", (engine) => {
  let database: Database;
  let tenant: Tenant;
  beforeAll(async () => {
    database = await openDatabase(engine);
    tenant = await Tenant.make(database.storage);
    await tenant.put({ key: "k", tags: ["t"] });
  });
  afterAll(() => database.close());

  const rows = (scope: Scope, text: string) => database.storage.session.run(scope, { name: null, text }, [], null);
  const state = (scope: Scope, text: string) => rows(scope, text).then(() => "00000", sqlState);

  it("forces row-level security with a policy on every table that has a workspace_id", async () => {
    const tables = await rows(
      asApplication,
      `select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
        (select count(*) from pg_policy p where p.polrelid = c.oid) as policies
      from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relkind in ('r', 'p') and a.attname = 'workspace_id' and c.relnamespace = 'public'::regnamespace`,
    );
    expect(tables.map((table) => table.name)).toEqual(expect.arrayContaining(["memory", "memory_revision", "api_key"]));
    expect(tables.length).toBeGreaterThanOrEqual(9);
    for (const table of tables) {
      expect(table).toMatchObject({ enabled: true, forced: true });
      expect(table.policies).toBeGreaterThan(0);
    }
  });

  it("begins every primary, unique and foreign key of tenant data with workspace_id", async () => {
    const keys = await rows(
      asApplication,
      `select i.indexrelid::regclass::text as key, i.indrelid::regclass::text as of, a.attname::text as first
      from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
      where i.indisunique and i.indrelid in (
        select attrelid from pg_attribute where attname = 'workspace_id' and attnum > 0)
      union all
      select c.conname::text, c.conrelid::regclass::text, a.attname::text
      from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      where c.contype = 'f' and c.conrelid in (
        select attrelid from pg_attribute where attname = 'workspace_id' and attnum > 0)`,
    );
    const tenantKeys = keys.filter((key) => !CONTROL.includes(key.of as string));
    expect(tenantKeys.length).toBeGreaterThan(10);
    expect(tenantKeys.filter((key) => key.first !== "workspace_id")).toEqual([]);
  });

  it("is what the entities describe: columns, types, nulls and primary keys", async () => {
    const columns = await rows(
      asApplication,
      `select c.relname::text as table, a.attname::text as column, format_type(a.atttypid, a.atttypmod) as type,
        not a.attnotnull as nullable, coalesce(a.attnum = any(i.indkey), false) as primary
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        left join pg_index i on i.indrelid = c.oid and i.indisprimary
      where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace`,
    );
    const migrated = columns
      .map(
        ({ table, column, type, nullable, primary }) =>
          `${table}.${column} ${type}${nullable ? " null" : ""}${primary ? " primary" : ""}`,
      )
      .filter((line) => !UNDESCRIBED.some((name) => line.startsWith(name)));
    expect(migrated.length).toBeGreaterThan(100);
    expect((await describedColumns()).sort()).toEqual(migrated.sort());
  });

  it("keeps update_time out of every index, so that an unchanged write is heap-only", async () => {
    const indexes = await rows(asApplication, "select indexdef from pg_indexes where schemaname = 'public'");
    expect(indexes.filter((index) => String(index.indexdef).includes("update_time"))).toEqual([]);
  });

  it("makes a missing workspace setting an error, also after a transaction that had one", async () => {
    expect(["42704", "22P02"]).toContain(await state(asApplication, "select id from memory"));
    expect(await rows(inWorkspace(tenant.workspaceId), "select id from memory")).toHaveLength(1);
    for (let i = 0; i < 8; i++) {
      expect(["42704", "22P02"]).toContain(await state(asApplication, "select id from memory"));
    }
  });

  it("lets nobody write into another workspace", async () => {
    const scope = inWorkspace((await Tenant.make(database.storage)).workspaceId);
    const insert = `insert into agent (workspace_id, id, handle) values ('${tenant.workspaceId}', '${ids.next()}', 'x')`;
    expect(await state(scope, insert)).toBe("42501");
    expect(await rows(scope, "update agent set handle = 'x' returning 1 as one")).toEqual([]);
  });

  it("shows the worker ids of every workspace and nothing that a memory says", async () => {
    expect(await rows(asWorker, "select workspace_id, id from memory")).toHaveLength(1);
    for (const text of ["select content from memory", "select * from memory_revision", "select digest from api_key"]) {
      expect(await state(asWorker, text)).toBe("42501");
    }
    expect(await state(asWorker, "update memory set content = 'x'")).toBe("42501");
  });

  it("shows the operator control tables and no memory", async () => {
    expect(await state(asOperator, "select id from workspace")).toBe("00000");
    expect(await state(asOperator, "select id from memory")).toBe("42501");
  });

  it("lets the application rewrite no revision and read no digest, workspace or signing key", async () => {
    const scope = inWorkspace(tenant.workspaceId);
    for (const text of [
      "update memory_revision set state = null",
      "select digest from api_key",
      "select id from workspace",
      "select id from signing_key",
      "create table mine (id int)",
    ]) {
      expect(await state(scope, text)).toBe("42501");
    }
  });

  it("makes an unchanged write a heap-only update", async () => {
    for (let i = 0; i < 6; i++) {
      await tenant.put({ key: "hot", tags: ["t"], embedding: "pending" });
    }
    // Each connection tells its counts when it has been idle for a while.
    const counts = async () => {
      await rows(asApplication, "select pg_stat_force_next_flush()");
      return (
        await rows(
          asApplication,
          "select n_tup_upd as all, n_tup_hot_upd as hot from pg_stat_user_tables where relname = 'memory'",
        )
      )[0];
    };
    await expect.poll(counts).toEqual({ all: 5, hot: 5 });
  });
});
