import { afterAll, beforeAll, expect, it } from "vitest";
import { SqlGenerationStore } from "../../src/storage/embeddings/embedding-generations.ts";
import { asOperator, inWorkspace, type Row } from "../../src/storage/engine/session.ts";
import { describeOnEngines } from "../app/engines.ts";
import { type Database, openDatabase } from "../search/open-database.ts";
import { makeWorkspace, seed } from "../search/seed.ts";

const MODEL = "passing";
/** More than two pieces of a drop. */
const MEMORIES = 1100;
const INDEX = "memory_embedding_hnsw_2";

describeOnEngines("a generation that is dropped", (engine) => {
  let database: Database;
  let workspaceId: string;
  let here: SqlGenerationStore;
  let elsewhere: SqlGenerationStore;
  let generation: number;

  beforeAll(async () => {
    database = await openDatabase(engine);
    const { session, tenancy } = database.storage;
    here = new SqlGenerationStore(session, tenancy);
    elsewhere = new SqlGenerationStore(session, tenancy);
    workspaceId = await makeWorkspace(database.storage);
    const contents = Array.from({ length: MEMORIES }, (_, i) => ({ content: `memory ${i}`, embedded: false }));
    await seed(database.storage, workspaceId, contents);
    generation = await here.ensure(MODEL, 4);
  });
  afterAll(() => database.close());

  function sql(text: string): Promise<readonly Row[]> {
    return database.storage.session.run(inWorkspace(workspaceId), { name: null, text }, [], null);
  }

  async function vectors(): Promise<number> {
    return (await sql(`select 1 from memory_embedding where generation = ${generation}`)).length;
  }

  async function hasIndex(): Promise<boolean> {
    return (await sql(`select to_regclass('${INDEX}') is not null as yes`))[0]!.yes as boolean;
  }

  /** Filled, indexed, and marked for erasure long enough ago. */
  async function dropFilled(): Promise<void> {
    await sql(`insert into memory_embedding (workspace_id, memory_id, generation, content_revision, embedding, indexed)
      select workspace_id, id, ${generation}, content_revision, '[1,0,0,0]', true from memory`);
    expect(await here.startDrop(generation)).toBe(true);
    const past = `update embedding_generation set retire_time = now() - interval '1 minute' where id = ${generation}`;
    await database.storage.session.run(asOperator, { name: null, text: past }, [], null);
  }

  async function dropWhole(store: SqlGenerationStore): Promise<void> {
    while ((await store.drop(generation)) === "more");
  }

  it("does not get its index back while its vectors are there", async () => {
    await dropFilled();
    expect(await here.drop(generation)).toBe("more");
    expect(await elsewhere.ensure(MODEL, 4)).toBe(generation);
    expect(await vectors()).toBeGreaterThan(0);
    expect(await hasIndex()).toBe(false);
  });

  it("leaves no vector behind where another process ended an earlier drop of it", async () => {
    await dropWhole(elsewhere);
    expect(await vectors()).toBe(0);
    expect(await elsewhere.ensure(MODEL, 4)).toBe(generation);
    expect(await hasIndex()).toBe(true);
    await dropFilled();
    await dropWhole(here);
    expect((await here.list()).map((one) => one.id)).not.toContain(generation);
    expect(await vectors()).toBe(0);
    expect(await hasIndex()).toBe(false);
  });
});
