import { randomBytes, randomUUID } from "node:crypto";
import { request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AgentService } from "../../gen/server/cairn/v1/agent_service_pb.ts";
import { KeyService } from "../../gen/server/cairn/v1/key_service_pb.ts";
import { WorkspaceService } from "../../gen/server/cairn/v1/workspace_service_pb.ts";
import { failureOf } from "../app/call-failure.ts";
import { describeOnEngines, describeOnPostgres } from "../app/engines.ts";
import { type FreshDatabase, freshDatabase } from "../app/fresh-database.ts";
import { type ServedApp, serveApp } from "../app/served-app.ts";
import { makeAgent, makeKey, makeWorkspace, memoriesOf, type Workspace } from "../app/tenants.ts";
import { clientOf } from "../app/wires.ts";

const refused = { code: "UNAUTHENTICATED", reason: "CREDENTIALS_INVALID" };

const MANY = 100;

/** Searches for a hundred memories of ten kilobytes and reads one: the others are more than the server can send ahead. */
async function slowSearch(app: ServedApp, workspace: Workspace, key: string) {
  const content = "word ".repeat(2000);
  for (let at = 0; at < MANY; at += 50) {
    const writes = Array.from({ length: 50 }, (_, i) => ({
      memory: { kind: "note", content: `${at + i} ${content}` },
    }));
    await memoriesOf(app, workspace).batchWriteMemories({ writes });
  }
  const found = memoriesOf(app, { key }).search({ query: "word", limit: MANY });
  const results = found[Symbol.asyncIterator]();
  expect((await results.next()).value?.part.case).toBe("result");
  return {
    /** How many came until the stream failed, and why it did. */
    rest: async () => {
      for (let count = 1; ; count++) {
        const failed = await results.next().then(
          (next) => (next.done ? "the search went on to its end" : null),
          (error) => failureOf(Promise.reject(error)),
        );
        if (failed !== null) return { count, failed };
      }
    },
  };
}

/** Posts the first half of a memory and answers what sends the rest, which answers the status. */
async function halfWritten(app: ServedApp, path: string, key: string, body: string) {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const post = request(`${app.url}${path}`, { method: "POST", headers });
  const status = new Promise<number>((resolve, reject) => {
    post.once("response", (response) => resolve(response.resume().statusCode!)).once("error", reject);
  });
  post.write(body.slice(0, 10));
  await delay(200);
  return () => {
    post.end(body.slice(10));
    return status;
  };
}

describeOnEngines("a key", (engine) => {
  let app: ServedApp;

  beforeAll(async () => {
    app = await serveApp(engine);
  });

  afterAll(() => app.close());

  it("is refused by its own server at once when it is revoked, rotated, or its workspace deleted", async () => {
    const workspace = await makeWorkspace(app);
    const keys = clientOf(KeyService, app, workspace);
    const revoked = await makeKey(app, workspace);
    const rotated = await makeKey(app, workspace);
    for (const key of [revoked, rotated]) await memoriesOf(app, key).listMemories({});
    await keys.revokeKey({ keyId: revoked.id });
    expect(await failureOf(memoriesOf(app, revoked).listMemories({}))).toMatchObject(refused);

    const { secret } = await keys.rotateKey({ keyId: rotated.id });
    expect(await failureOf(memoriesOf(app, rotated).listMemories({}))).toMatchObject(refused);
    await memoriesOf(app, { key: secret }).listMemories({});

    await clientOf(WorkspaceService, app, { key: app.rootKey }).deleteWorkspace({ workspace: workspace.id });
    expect(await failureOf(memoriesOf(app, workspace).listMemories({}))).toMatchObject(refused);
  });

  it("ends the searches that were opened with it, also where their reader is slow", async () => {
    const workspace = await makeWorkspace(app);
    const { id, key } = await makeKey(app, workspace);
    const search = await slowSearch(app, workspace, key);
    await clientOf(KeyService, app, workspace).revokeKey({ keyId: id });
    const { count, failed } = await search.rest();
    expect(failed).toMatchObject(refused);
    expect(count).toBeLessThan(MANY);
  });

  it.each([
    ["REST", "/api/v1/memories", '{"kind": "note", "content": "Too late."}'],
    ["TrustPager", "/v1/memory", '{"subject_type": "self", "kind": "note", "content": "Too late."}'],
    ["Connect", "/cairn.v1.MemoryService/WriteMemory", '{"memory": {"kind": "note", "content": "Too late."}}'],
  ])("writes nothing whose message was still on its way when it was revoked, over %s", async (_, path, body) => {
    const workspace = await makeWorkspace(app);
    const { id, key } = await makeKey(app, workspace);
    const sendRest = await halfWritten(app, path, key, body);
    await clientOf(KeyService, app, workspace).revokeKey({ keyId: id });
    expect(await sendRest()).toBe(401);
    expect((await memoriesOf(app, workspace).listMemories({})).memories).toEqual([]);
  });

  it("goes on for the overlap of a rotation", async () => {
    const workspace = await makeWorkspace(app);
    const { id, key } = await makeKey(app, workspace);
    await clientOf(KeyService, app, workspace).rotateKey({ keyId: id, overlap: { seconds: 4n } });
    await memoriesOf(app, { key }).listMemories({});
    await new Promise((done) => setTimeout(done, 4050));
    expect(await failureOf(memoriesOf(app, { key }).listMemories({}))).toMatchObject({
      code: "UNAUTHENTICATED",
    });
  });

  it("never shows its secret again", async () => {
    const workspace = await makeWorkspace(app);
    const { key } = await makeKey(app, workspace);
    const { keys } = await clientOf(KeyService, app, workspace).listKeys({});
    expect(JSON.stringify(keys.map(({ createTime, ...one }) => one))).not.toContain(key.slice(-30));
    expect(JSON.stringify(app.lines)).not.toContain(key);
  });
});

const HOUR_MS = 3_600_000;
const inHours = (hours: number) => ({ expireTime: timestampFromDate(new Date(Date.now() + hours * HOUR_MS)) });

describeOnEngines("who administers keys", (engine) => {
  let app: ServedApp;
  let home: Workspace;
  let rootId: string;

  beforeAll(async () => {
    app = await serveApp(engine);
    home = { id: "", handle: "default", key: app.rootKey };
    await makeAgent(app, home, "scout");
    const { keys } = await clientOf(KeyService, app, home).listKeys({});
    rootId = keys[0]!.id;
  });

  afterAll(() => app.close());

  const all = ["memory:read", "memory:write", "delta:apply", "admin"];
  const callers: Record<string, () => Promise<string>> = {
    root: async () => app.rootKey,
    "all but operator": async () => (await makeKey(app, home, { scopes: all })).key,
    "admin alone": async () => (await makeKey(app, home, { scopes: ["admin"] })).key,
    "all, for two hours": async () => (await makeKey(app, home, { scopes: all, ...inHours(2) })).key,
  };
  const keysAs = (key: string) => clientOf(KeyService, app, { key });
  const fresh = async (options: Parameters<typeof makeKey>[2]) => (await makeKey(app, home, options)).id;
  const operations: Record<string, (key: string) => Promise<unknown>> = {
    "creates an admin": (key) => keysAs(key).createKey({ scopes: ["admin"] }),
    "creates a reader": (key) => keysAs(key).createKey({ scopes: ["memory:read"] }),
    "creates an agent's reader": (key) => keysAs(key).createKey({ scopes: ["memory:read"], agent: "scout" }),
    "creates an admin for an hour": (key) => keysAs(key).createKey({ scopes: ["admin"], ...inHours(1) }),
    "creates an admin for three hours": (key) => keysAs(key).createKey({ scopes: ["admin"], ...inHours(3) }),
    "rotates an admin": async (key) => keysAs(key).rotateKey({ keyId: await fresh({ scopes: ["admin"] }) }),
    "rotates a reader": async (key) => keysAs(key).rotateKey({ keyId: await fresh({ scopes: ["memory:read"] }) }),
    "rotates an agent's reader": async (key) =>
      keysAs(key).rotateKey({ keyId: await fresh({ scopes: ["memory:read"], agent: "scout" }) }),
    "rotates an admin's last hour": async (key) =>
      keysAs(key).rotateKey({ keyId: await fresh({ scopes: ["admin"], ...inHours(1) }) }),
    "revokes a reader": async (key) => keysAs(key).revokeKey({ keyId: await fresh({ scopes: ["memory:read"] }) }),
    // The one that it calls with stays alive for the others.
    "revokes root": async (key) => key !== app.rootKey && keysAs(key).revokeKey({ keyId: rootId }),
    "rotates root": (key) => keysAs(key).rotateKey({ keyId: rootId }),
    "creates a workspace": (key) => makeWorkspace(app, undefined, key),
  };
  const denied = "SCOPE_NOT_GRANTABLE";
  // biome-ignore format: the columns are read as a table
  const table: Record<string, readonly [string, string, string, string]> = {
    //                                   root      all but operator  admin alone      all, for two hours
    "creates an admin":                 ["done",   "done",           "done",          denied],
    "creates a reader":                 ["done",   "done",           denied,          denied],
    "creates an agent's reader":        ["done",   "done",           denied,          denied],
    "creates an admin for an hour":     ["done",   "done",           "done",          "done"],
    "creates an admin for three hours": ["done",   "done",           "done",          denied],
    "rotates an admin":                 ["done",   "done",           "done",          denied],
    "rotates a reader":                 ["done",   "done",           denied,          denied],
    "rotates an agent's reader":        ["done",   "done",           denied,          denied],
    "rotates an admin's last hour":     ["done",   "done",           "done",          "done"],
    "revokes a reader":                 ["done",   "done",           "done",          "done"],
    "revokes root":                     ["done",   "SCOPE_MISSING",  "SCOPE_MISSING", "SCOPE_MISSING"],
    "rotates root":                     ["STATE_FORBIDS", "SCOPE_MISSING", "SCOPE_MISSING", "SCOPE_MISSING"],
    "creates a workspace":              ["done",   "SCOPE_MISSING",  "SCOPE_MISSING", "SCOPE_MISSING"],
  };

  describe.each(Object.keys(callers))("%s", (caller) => {
    it.each(Object.keys(operations))("%s, or is denied what goes beyond its own key", async (operation) => {
      const call = operations[operation]!(await callers[caller]!());
      const outcome = await call.then(
        () => "done",
        async (error) => (await failureOf(Promise.reject(error))).reason,
      );
      expect(outcome).toBe(table[operation]![Object.keys(callers).indexOf(caller)]);
    });
  });
});

describeOnPostgres("a key that another server revokes", (engine) => {
  let database: FreshDatabase;
  let one: ServedApp;
  let other: ServedApp;

  beforeAll(async () => {
    database = await freshDatabase(engine);
    one = await serveApp(engine, { database });
    other = await serveApp(engine, { database, rootKey: one.rootKey });
  });

  afterAll(async () => {
    await Promise.all([one.close(), other.close()]);
    await database.drop();
  });

  it("makes none that outlives it, where another server has just given it an end", async () => {
    const workspace = await makeWorkspace(one);
    const admin = await makeKey(one, workspace, { scopes: ["admin", "memory:read"] });
    const keys = clientOf(KeyService, other, admin);
    await keys.listKeys({});
    await clientOf(KeyService, one, workspace).rotateKey({ keyId: admin.id, overlap: { seconds: 60n } });
    expect(await failureOf(keys.createKey({ scopes: ["memory:read"] }))).toMatchObject({
      reason: "SCOPE_NOT_GRANTABLE",
      metadata: { exceeds: "expire_time" },
    });
  });

  it("is refused within a second, although it was just in use", async () => {
    const workspace = await makeWorkspace(one);
    const made = await makeKey(one, workspace);
    const memories = memoriesOf(other, made);
    let lastSuccess = 0;
    let failure: unknown;
    const poll = async () => {
      while (failure === undefined) {
        const began = Date.now();
        await memories.listMemories({}).then(
          () => {
            lastSuccess = began;
          },
          (error: unknown) => {
            failure = error;
          },
        );
      }
    };
    const polling = poll();
    await new Promise((done) => setTimeout(done, 300));
    await clientOf(KeyService, one, workspace).revokeKey({ keyId: made.id });
    const revoked = Date.now();
    await polling;
    expect(await failureOf(Promise.reject(failure))).toMatchObject(refused);
    expect(lastSuccess).toBeGreaterThan(0);
    expect(lastSuccess - revoked).toBeLessThan(1000);
  });

  it("ends the searches that were opened with it a second later", async () => {
    const workspace = await makeWorkspace(one);
    const { id, key } = await makeKey(one, workspace);
    const search = await slowSearch(other, workspace, key);
    await clientOf(KeyService, one, workspace).revokeKey({ keyId: id });
    await new Promise((done) => setTimeout(done, 1000));
    const { count, failed } = await search.rest();
    expect(failed).toMatchObject(refused);
    expect(count).toBeLessThan(MANY);
  });

  it("writes nothing for an agent that is deleted there, and registers it anew only where its UUID is named", async () => {
    const workspace = await makeWorkspace(one);
    const agent = await makeAgent(one, workspace, "scout");
    const bound = memoriesOf(other, await makeKey(one, workspace, { agent }));
    const narrowed = memoriesOf(other, { key: workspace.key, agent: "scout" });
    const named = memoriesOf(other, { key: workspace.key, agent });
    const memory = { kind: "note", content: "Whose?" };
    for (const memories of [bound, narrowed, named]) await memories.writeMemory({ memory });
    await clientOf(AgentService, one, workspace).deleteAgent({ agent });
    for (const memories of [bound, narrowed]) {
      const late = [
        () => memories.writeMemory({ memory }),
        () => memories.writeMemory({ memory: { ...memory, key: "k" } }),
        () => memories.writeMemory({ memory, requestId: randomUUID() }),
        () => memories.batchWriteMemories({ writes: [{ memory }, { memory }] }),
        () => memories.batchWriteMemories({ writes: [{ memory }, { memory }], atomic: false }),
      ];
      for (const write of late) {
        expect((await failureOf(write())).reason).toMatch(/^(AGENT_NOT_FOUND|CREDENTIALS_INVALID)$/);
      }
    }
    const { agents } = await clientOf(AgentService, one, workspace).listAgents({});
    expect(agents).toEqual([]);
    await named.writeMemory({ memory });
    const again = await clientOf(AgentService, one, workspace).listAgents({});
    expect(again.agents.map(({ id, handle }) => ({ id, handle }))).toEqual([{ id: agent, handle: `agent-${agent}` }]);
  });

  it("is none that was made or rotated while its agent was deleted", async () => {
    const workspace = await makeWorkspace(one);
    const keys = clientOf(KeyService, one, workspace);
    const agents = clientOf(AgentService, other, workspace);
    const round = async (number: number): Promise<number> => {
      const agent = `agent-${number}`;
      await makeAgent(one, workspace, agent);
      const { id } = await makeKey(one, workspace, { agent });
      const mint =
        number % 2 === 0
          ? () => keys.createKey({ scopes: ["memory:read"], agent })
          : () => keys.rotateKey({ keyId: id });
      const [minted, deleted] = await Promise.allSettled([mint(), agents.deleteAgent({ agent })]);
      expect(deleted.status).toBe("fulfilled");
      if (minted.status === "fulfilled") return 1;
      expect((await failureOf(Promise.reject(minted.reason))).code).toMatch(/^(NOT_FOUND|FAILED_PRECONDITION)$/);
      return 0;
    };
    let minted = 0;
    for (let number = 0; number < 60; number += 6) {
      const rounds = Array.from({ length: 6 }, (_, i) => round(number + i));
      minted += (await Promise.all(rounds)).reduce((sum, one) => sum + one, 0);
    }
    expect(minted).toBeGreaterThan(0);
    const left: string[] = [];
    for (let pageToken = ""; ; ) {
      const page = await keys.listKeys({ pageSize: 100, pageToken });
      left.push(...page.keys.filter((key) => key.agentId && !key.revokeTime).map((key) => key.id));
      pageToken = page.nextPageToken;
      if (pageToken === "") break;
    }
    expect(left).toEqual([]);
  });

  it("is a root key's, where that server is configured with another, until one is configured with it again", async () => {
    const next = `cairn_next${randomBytes(20).toString("hex")}`;
    const list = (app: ServedApp, key: string) => clientOf(WorkspaceService, app, { key }).listWorkspaces({});
    await list(one, one.rootKey);
    const changed = await serveApp(engine, { database, rootKey: next });
    try {
      await list(changed, next);
      expect(await failureOf(list(changed, one.rootKey))).toMatchObject(refused);
      await new Promise((done) => setTimeout(done, 1000));
      expect(await failureOf(list(one, one.rootKey))).toMatchObject(refused);
    } finally {
      await changed.close();
    }
    const both = await serveApp(engine, { database, rootKey: `${next},${one.rootKey}` });
    await both.close();
    for (const key of [next, one.rootKey]) await list(one, key);
  });
});
