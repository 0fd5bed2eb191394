import { setTimeout as rest } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeOnPostgres } from "../app/engines.ts";
import { type Database, openDatabase } from "../search/open-database.ts";
import { makeWorkspace, seed } from "../search/seed.ts";

const VECTOR = Float32Array.of(0, 1, 0, 0);
const SETTLE_MS = 200;

describeOnPostgres("a memory that is erased in the middle of a build", () => {
  let database: Database;
  let eraser: pg.Client;
  let workspaceId: string;
  let generation: number;

  beforeAll(async () => {
    database = await openDatabase("postgres");
    eraser = new pg.Client({ connectionString: database.url as string });
    await eraser.connect();
    workspaceId = await makeWorkspace(database.storage);
    await seed(database.storage, workspaceId, [
      { content: "to stay" },
      { content: "to go" },
      { content: "to go, too" },
    ]);
    generation = await database.storage.generations.ensure("another", 4);
    expect(await database.storage.generations.startBuild(generation)).toBe(true);
  });
  afterAll(async () => {
    await eraser.end();
    await database.close();
  });

  /** `work` begins while the erasure is under way, and can end only after it. */
  async function whileErasing<T>(content: string, work: () => Promise<T>): Promise<T> {
    await eraser.query("begin");
    await eraser.query("delete from memory where workspace_id = $1 and content = $2", [workspaceId, content]);
    const done = work();
    await Promise.race([done.catch(() => undefined), rest(SETTLE_MS)]);
    await eraser.query("commit");
    return done;
  }

  it("is not noted, and keeps no other from being noted", async () => {
    await whileErasing("to go", () => database.storage.generations.scan(generation));
    expect(await database.storage.generations.backlog(generation, 10)).toBe(2);
  });

  it("gets no vector, and costs no other of its batch its own", async () => {
    const { embeddingBacklog: backlog, generations } = database.storage;
    const claimed = await backlog.claim(10, 60_000);
    expect(claimed.map((one) => one.text).sort()).toEqual(["to go, too", "to stay"]);
    const done = claimed.map((one) => ({ ...one, vector: VECTOR }));
    await whileErasing("to go, too", () => backlog.complete(generation, done));
    expect(await generations.coverage(generation)).toMatchObject({ memories: 1, attached: 1, missing: 0 });
  });
});
