import { setTimeout as rest } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeOnPostgres } from "../app/engines.ts";
import { type Database, openDatabase } from "../search/open-database.ts";
import { makeWorkspace, seed } from "../search/seed.ts";

const VECTOR = Float32Array.of(0, 1, 0, 0);
const SETTLE_MS = 200;
const NIL = "00000000-0000-0000-0000-000000000000";
const ERASE = "delete from memory";

describeOnPostgres("a memory that changes in the middle of a build", () => {
  let database: Database;
  let writer: pg.Client;
  let workspaceId: string;
  let generation: number;

  beforeAll(async () => {
    database = await openDatabase("postgres");
    writer = new pg.Client({ connectionString: database.url as string });
    await writer.connect();
    workspaceId = await makeWorkspace(database.storage);
    const contents = ["to stay", "to go", "to go, too", "to change"];
    await seed(
      database.storage,
      workspaceId,
      contents.map((content) => ({ content })),
    );
    generation = await database.storage.generations.ensure("another", 4);
    expect(await database.storage.generations.startBuild(generation)).toBe(true);
  });
  afterAll(async () => {
    await writer.end();
    await database.close();
  });

  /** `work` begins while the change is under way, and can end only after it. */
  async function during<T>(change: string, content: string, work: () => Promise<T>): Promise<T> {
    await writer.query("begin");
    await writer.query(`${change} where workspace_id = $1 and content = $2`, [workspaceId, content]);
    const done = work();
    await Promise.race([done.catch(() => undefined), rest(SETTLE_MS)]);
    await writer.query("commit");
    return done;
  }

  it("is noted as it was written last", async () => {
    const rewrite = "update memory set content = 'anew', content_revision = 2";
    await during(rewrite, "to change", () => database.storage.generations.scan(generation));
    const noted = "select content_revision as noted from embedding_backlog order by content_revision desc";
    expect((await writer.query(noted)).rows[0]).toEqual({ noted: 2 });
    await writer.query("delete from memory where content = 'anew'");
    await writer.query("delete from embedding_backlog");
    await writer.query("update embedding_generation set scanned = false, scan_workspace_id = $1", [NIL]);
  });

  it("is not noted where it is erased, and keeps no other from being noted", async () => {
    await during(ERASE, "to go", () => database.storage.generations.scan(generation));
    expect(await database.storage.generations.backlog(generation, 10)).toBe(2);
  });

  it("gets no vector where it is erased, and costs no other of its batch its own", async () => {
    const { embeddingBacklog: backlog, generations } = database.storage;
    const claimed = await backlog.claim(10, 60_000);
    expect(claimed.map((one) => one.text).sort()).toEqual(["to go, too", "to stay"]);
    const done = claimed.map((one) => ({ ...one, vector: VECTOR }));
    await during(ERASE, "to go, too", () => backlog.complete(generation, done));
    expect(await generations.coverage(generation)).toMatchObject({ memories: 1, attached: 1, missing: 0 });
  });
});
