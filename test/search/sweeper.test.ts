import { afterAll, beforeAll, expect, it } from "vitest";
import { asOperator, inWorkspace, type Row } from "../../src/storage/engine/session.ts";
import { describeOnEngines } from "../app/engines.ts";
import { type Database, openDatabase } from "./open-database.ts";
import { makeWorkspace, never, seed } from "./seed.ts";

const DAY = 24 * 3600 * 1000;

describeOnEngines("sweeper", (engine) => {
  let database: Database;
  let workspaceId: string;

  beforeAll(async () => {
    database = await openDatabase(engine);
    workspaceId = await makeWorkspace(database.storage);
  });
  afterAll(() => database.close());

  async function sql(text: string, ...values: (string | number)[]): Promise<readonly Row[]> {
    return database.storage.session.run(inWorkspace(workspaceId), { name: null, text }, values, null);
  }

  function ago(days: number): Date {
    return new Date(Date.now() - days * DAY);
  }

  async function sweepAll(): Promise<number> {
    let memories = 0;
    for (;;) {
      const swept = await database.storage.sweeper.sweep(2, never);
      memories += swept.memories;
      if (swept.memories === 0 && swept.requests === 0) return memories;
    }
  }

  it("erases what was deleted or expired longer ago than the retention, with all that belongs to it, and nothing else", async () => {
    const content = "a memory";
    const ids = await seed(database.storage, workspaceId, [
      { content, deleteTime: ago(31), tags: ["t"] },
      { content, expireTime: ago(31) },
      { content, deleteTime: ago(31), expireTime: ago(40) },
      { content, deleteTime: ago(29), expireTime: ago(40), tags: ["t"] },
      { content, expireTime: ago(29) },
      { content, expireTime: ago(-1) },
      { content },
    ]);
    for (const id of ids) {
      await sql(
        `insert into memory_revision (workspace_id, memory_id, revision, change, key_id, api, delta_id, call_id, epoch, create_time)
          values ($1::uuid, $2::uuid, 1, 1, $1::uuid, 'native', $1::uuid, 'c', 1, now())`,
        workspaceId,
        id,
      );
    }
    expect(await sweepAll()).toBe(3);
    const left = ids.slice(3).sort();
    for (const [table, column] of [
      ["memory", "id"],
      ["memory_revision", "memory_id"],
      ["memory_embedding", "memory_id"],
    ]) {
      const rows = await sql(`select ${column} as id from ${table} order by ${column}`);
      expect(
        rows.map((row) => row.id),
        table,
      ).toEqual(left);
    }
    expect(await sql("select memory_id from memory_tag")).toEqual([{ memory_id: ids[3] }]);
  });

  it("goes on with a workspace whose deletion was cut short, and leaves the others", async () => {
    const kept = workspaceId;
    const [memory] = await seed(database.storage, kept, [{ content: "stays" }]);
    workspaceId = await makeWorkspace(database.storage);
    await seed(database.storage, workspaceId, [{ content: "goes", tags: ["t"] }, { content: "goes too" }]);
    const mark = "update workspace set delete_time = now() where id = $1::uuid";
    await database.storage.session.run(asOperator, { name: null, text: mark }, [workspaceId], null);
    await database.storage.sweeper.sweep(2, never);
    expect(await sql("select id from memory")).toEqual([]);
    const left = { name: null, text: "select id from workspace" };
    expect(await database.storage.session.run(asOperator, left, [], null)).toEqual([{ id: kept }]);
    workspaceId = kept;
    expect(await sql("select id from memory where id = $1::uuid", memory!)).toHaveLength(1);
  });

  it("forgets request records after a day, whatever their ids are made of", async () => {
    for (const [id, age] of [
      ['odd "{id},\\', "25 hours"],
      ["old", "25 hours"],
      ["young", "23 hours"],
    ] as const) {
      await sql(
        `insert into request_record (workspace_id, key_id, request_id, create_time)
          values ($1::uuid, $1::uuid, $2, now() - $3::interval)`,
        workspaceId,
        id,
        age,
      );
    }
    await sweepAll();
    expect(await sql("select request_id from request_record")).toEqual([{ request_id: "young" }]);
  });
});
