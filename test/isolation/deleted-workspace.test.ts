import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { AgentService } from "../../gen/server/cairn/v1/agent_service_pb.ts";
import { KeyService } from "../../gen/server/cairn/v1/key_service_pb.ts";
import { WorkspaceService } from "../../gen/server/cairn/v1/workspace_service_pb.ts";
import { asOperator } from "../../src/storage/engine/session.ts";
import { openStorage } from "../../src/storage/open-storage.ts";
import { failureOf } from "../app/call-failure.ts";
import { describeOnEngines, describeOnPostgres } from "../app/engines.ts";
import { type FreshDatabase, freshDatabase } from "../app/fresh-database.ts";
import { rowsHolding } from "../app/rows-holding.ts";
import { type ServedApp, serveApp } from "../app/served-app.ts";
import { makeAgent, makeKey, makeWorkspace, memoriesOf, type Workspace, writeMemory } from "../app/tenants.ts";
import { clientOf } from "../app/wires.ts";
import { type Database, openDatabase } from "../search/open-database.ts";
import { makeWorkspace as makeBareWorkspace, seed } from "../search/seed.ts";

const never = new AbortController().signal;

/** Every kind of call that writes, each with something of the canary in whatever may stay. */
function writers(app: ServedApp, workspace: Workspace, canary: string): readonly (() => Promise<unknown>)[] {
  const memories = memoriesOf(app, workspace);
  const text = () => `${canary} ${randomUUID()}`;
  const memory = () => ({
    ...{ kind: "note", content: text(), tags: [canary], metadata: { canary } },
    linkedEntities: [{ type: "contact", id: canary }],
  });
  const admin = { agents: clientOf(AgentService, app, workspace), keys: clientOf(KeyService, app, workspace) };
  return [
    () => memories.writeMemory({ memory: memory() }),
    () => memories.writeMemory({ memory: { ...memory(), key: "one of all" } }),
    () => memories.writeMemory({ memory: memory(), requestId: text() }),
    () => memories.writeMemory({ memory: { ...memory(), agentId: randomUUID() } }),
    () => memories.batchWriteMemories({ writes: [1, 2, 3].map(() => ({ memory: memory() })) }),
    async () => {
      const { id } = await writeMemory(memories, memory());
      await memories.updateMemory({ memoryId: id, memory: { title: text() }, updateMask: { paths: ["title"] } });
      await memories.deleteMemory({ memoryId: id, requestId: text() });
      await memories.purgeMemory({ memoryId: id });
    },
    () => admin.agents.createAgent({ handle: `h-${randomUUID()}`, displayName: canary }),
    () => admin.keys.createKey({ scopes: ["memory:read"], displayName: canary }),
  ];
}

/** Calls again and again until the workspace's key is refused; tells of the first success. */
async function untilRefused(call: () => Promise<unknown>, began: () => void): Promise<void> {
  for (;;) {
    const failure = await call().then(
      () => null,
      (error) => failureOf(Promise.reject(error)),
    );
    if (failure === null) {
      began();
      // What is to be changed may be erased before its key is refused, and a busy machine is no matter here.
    } else if (!["NOT_FOUND", "RESOURCE_EXHAUSTED"].includes(failure.code)) {
      expect(failure).toMatchObject({ code: "UNAUTHENTICATED", reason: "CREDENTIALS_INVALID" });
      return;
    }
  }
}

describeOnPostgres("a workspace that two servers write into", (engine) => {
  let database: FreshDatabase;
  let servers: readonly ServedApp[];

  beforeAll(async () => {
    database = await freshDatabase(engine);
    const one = await serveApp(engine, { database });
    servers = [one, await serveApp(engine, { database, rootKey: one.rootKey })];
  });

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()));
    await database.drop();
  });

  it("leaves no row behind when it is deleted meanwhile, by both at once", async () => {
    const storage = await openStorage({ databaseUrl: database.url, dataDir: null, poolSize: 2 });
    try {
      for (let round = 0; round < 2; round++) {
        const canary = `canary${randomUUID()}`;
        const workspace = await makeWorkspace(servers[0]!);
        await makeKey(servers[0]!, workspace, { agent: await makeAgent(servers[0]!, workspace, "scout") });
        const began: Promise<void>[] = [];
        const ended = servers
          .flatMap((server) => writers(server, workspace, canary))
          .map((call) => {
            const { promise, resolve } = Promise.withResolvers<void>();
            began.push(promise);
            return untilRefused(call, resolve);
          });
        await Promise.race([Promise.all(began), Promise.all(ended)]);
        expect(Object.keys(await rowsHolding(storage.session, [canary])).length).toBeGreaterThan(6);
        const root = { key: servers[0]!.rootKey };
        const deletions = servers.map((server) =>
          clientOf(WorkspaceService, server, root).deleteWorkspace({ workspace: workspace.id }),
        );
        // Whoever comes when all is gone says so.
        const [first, second] = await Promise.allSettled(deletions);
        expect([first!.status, second!.status]).toContain("fulfilled");
        await Promise.all(ended);
        expect(await rowsHolding(storage.session, [canary, workspace.id])).toEqual({});
      }
    } finally {
      await storage.close();
    }
  });
});

describeOnEngines("a workspace whose deletion was cut short", (engine) => {
  let database: Database;

  beforeAll(async () => {
    database = await openDatabase(engine);
  });

  afterAll(() => database.close());

  const asOwner = { role: "none", workspaceId: null };
  const run = (text: string, ...values: string[]) =>
    database.storage.session.run(asOwner, { name: null, text }, values, null);

  it("is deleted by a repeat, and is not found only when nothing is left", async () => {
    const { storage } = database;
    const id = await makeBareWorkspace(storage);
    await seed(storage, id, [{ content: "a canary", tags: ["t"] }, { content: "another" }]);
    const stopped = storage.workspaces.delete(id, AbortSignal.abort(new Error("stopped")), () => {});
    await expect(stopped).rejects.toThrow("stopped");
    expect(await storage.workspaces.find(id)).toBeNull();
    expect(await rowsHolding(storage.session, [id])).toMatchObject({ memory: 2, workspace: 1 });
    await storage.workspaces.delete(id, never, () => {});
    expect(await rowsHolding(storage.session, [id])).toEqual({});
    const again = storage.workspaces.delete(id, never, () => {});
    await expect(again).rejects.toMatchObject({ reason: "WORKSPACE_NOT_FOUND" });
  });

  it("is completed by the sweeper, with what an earlier version left of others, and no other is touched", async () => {
    const { storage } = database;
    const [kept, marked, gone] = [1, 2, 3].map(() => randomUUID()) as [string, string, string];
    for (const id of [kept, marked, gone]) {
      await run("insert into workspace (id, handle) values ($1::uuid, $2)", id, `w-${id}`);
      await seed(storage, id, [{ content: "a canary", tags: ["t"] }]);
      await run(
        `insert into memory_revision (workspace_id, memory_id, revision, change, key_id, api, delta_id, call_id, epoch, create_time)
          values ($1::uuid, $1::uuid, 1, 1, $1::uuid, 'native', $1::uuid, 'c', 1, now())`,
        id,
      );
      await run("insert into agent (workspace_id, id, handle) values ($1::uuid, $1::uuid, 'scout')", id);
      await run("insert into request_record (workspace_id, key_id, request_id) values ($1::uuid, $1::uuid, 'r')", id);
    }
    const before = await rowsHolding(storage.session, [kept]);
    await run("update workspace set delete_time = now() where id = $1::uuid", marked);
    await run("delete from workspace where id = $1::uuid", gone);
    for (let calls = 0; calls < 4; calls++) await storage.sweeper.sweep(2, never);
    expect(await rowsHolding(storage.session, [marked, gone])).toEqual({});
    expect(await rowsHolding(storage.session, [kept])).toEqual(before);
  });

  it("takes no row any more, from whoever still believes in it", async () => {
    const { storage } = database;
    const id = await makeBareWorkspace(storage);
    await storage.session.run(
      asOperator,
      { name: null, text: "update workspace set delete_time = now() where id = $1::uuid" },
      [id],
      null,
    );
    const late = storage.agents.create(id, { id: randomUUID(), handle: "late", displayName: "" });
    await expect(late).rejects.toMatchObject({ reason: "CREDENTIALS_INVALID" });
    await storage.workspaces.delete(id, never, () => {});
    const later = storage.agents.create(id, { id: randomUUID(), handle: "later", displayName: "" });
    await expect(later).rejects.toMatchObject({ reason: "CREDENTIALS_INVALID" });
  });
});
