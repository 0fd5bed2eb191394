import { randomUUID } from "node:crypto";
import { toBinary } from "@bufbuild/protobuf";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ListMemoriesResponseSchema } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import { failureOf } from "../app/call-failure.ts";
import { describeOnEngines } from "../app/engines.ts";
import type { ServedApp } from "../app/served-app.ts";
import { shareApp } from "../app/shared-app.ts";
import { type MemoryClient, makeWorkspace, memoriesOf, type Workspace, writeMemory } from "../app/tenants.ts";

describeOnEngines("a list in pages", (engine) => {
  let app: ServedApp;
  let workspace: Workspace;
  let memories: MemoryClient;

  beforeAll(async () => {
    app = await shareApp(engine);
    workspace = await makeWorkspace(app);
    memories = memoriesOf(app, workspace);
  });

  afterAll(() => app.close());

  const writeMany = async (subjectId: string, count: number) => {
    const writes = Array.from({ length: count }, (_, index) => ({
      memory: { kind: "note", subjectType: "contact", subjectId, content: `Note ${index}.` },
    }));
    const { results } = await memories.batchWriteMemories({ writes });
    return results.map((result) => result.memoryId);
  };

  it("skips nothing and repeats nothing while others insert", async () => {
    const subjectId = randomUUID();
    const before = await writeMany(subjectId, 60);
    let inserting = true;
    const inserted: string[] = [];
    const insert = async () => {
      while (inserting) {
        inserted.push((await writeMemory(memories, { subjectType: "contact", subjectId })).id);
      }
    };
    const inserters = [insert(), insert(), insert()];
    const seen: string[] = [];
    let pageToken = "";
    do {
      const page = await memories.listMemories({
        filter: { subjectType: "contact", subjectId },
        pageSize: 7,
        pageToken,
      });
      seen.push(...page.memories.map((memory) => memory.id));
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
    inserting = false;
    await Promise.all(inserters);
    expect(inserted.length).toBeGreaterThan(0);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual([...seen].sort().reverse());
    expect(seen.filter((id) => before.includes(id))).toEqual([...before].reverse());
  });

  it("goes on after an id that is gone, and keeps newest first", async () => {
    const subjectId = randomUUID();
    const ids = await writeMany(subjectId, 5);
    await memories.purgeMemory({ memoryId: ids[2]! });
    const page = await memories.listMemories({ filter: { subjectId }, afterMemoryId: ids[2]! });
    expect(page.memories.map((memory) => memory.id)).toEqual([ids[1], ids[0]]);
  });

  it("goes on from a first page that began after an id", async () => {
    const subjectId = randomUUID();
    const ids = await writeMany(subjectId, 4);
    const filter = { subjectId };
    const first = await memories.listMemories({ filter, pageSize: 1, afterMemoryId: ids[3]! });
    const second = await memories.listMemories({ filter, pageSize: 1, pageToken: first.nextPageToken });
    expect([...first.memories, ...second.memories].map((memory) => memory.id)).toEqual([ids[2], ids[1]]);
  });

  it("coerces a page of more than 100 down, and answers 50 where no size is asked for", async () => {
    const subjectId = randomUUID();
    await writeMany(subjectId, 100);
    await writeMany(subjectId, 5);
    const sizeOf = async (pageSize: number) => {
      const page = await memories.listMemories({ filter: { subjectId }, pageSize });
      return [page.memories.length, page.nextPageToken !== ""];
    };
    expect(await sizeOf(0)).toEqual([50, true]);
    expect(await sizeOf(1000)).toEqual([100, true]);
  });

  it("ends a page before 2 MiB and goes on in the next", async () => {
    const subjectId = randomUUID();
    const content = "x".repeat(49_990);
    for (let count = 0; count < 45; count += 15) {
      const writes = Array.from({ length: 15 }, () => ({ memory: { kind: "note", subjectId, content } }));
      await memories.batchWriteMemories({ writes });
    }
    const seen: string[] = [];
    let pageToken = "";
    do {
      const page = await memories.listMemories({ filter: { subjectId }, pageSize: 100, pageToken });
      expect(toBinary(ListMemoriesResponseSchema, page).length).toBeLessThanOrEqual(2 * 1024 * 1024);
      seen.push(...page.memories.map((memory) => memory.id));
      pageToken = page.nextPageToken;
      expect(seen.length === 45).toBe(pageToken === "");
    } while (pageToken !== "");
    expect(new Set(seen).size).toBe(45);
  });

  it("refuses a page token of other arguments, of another workspace and of another method", async () => {
    const subjectId = randomUUID();
    await writeMany(subjectId, 3);
    const { nextPageToken: pageToken } = await memories.listMemories({ filter: { subjectId }, pageSize: 2 });
    const rejection = { code: "INVALID_ARGUMENT", reason: "PAGE_TOKEN_INVALID", metadata: { field: "page_token" } };
    expect(await failureOf(memories.listMemories({ pageToken }))).toMatchObject(rejection);
    const others = memoriesOf(app, await makeWorkspace(app));
    expect(await failureOf(others.listMemories({ filter: { subjectId }, pageToken }))).toMatchObject(rejection);
    const [memoryId = ""] = await writeMany(subjectId, 1);
    expect(await failureOf(memories.listRevisions({ memoryId, pageToken }))).toMatchObject(rejection);
  });

  it("shows deleted and expired memories to who asks for them", async () => {
    const subjectId = randomUUID();
    const [kept, deleted] = await writeMany(subjectId, 2);
    await memories.deleteMemory({ memoryId: deleted! });
    const ids = async (showDeleted: boolean) =>
      (await memories.listMemories({ filter: { subjectId }, showDeleted })).memories.map((memory) => memory.id);
    expect(await ids(false)).toEqual([kept]);
    expect(await ids(true)).toEqual([deleted, kept]);
  });
});
