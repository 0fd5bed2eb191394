import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Caller } from "../../src/domain/caller.ts";
import { DomainError, invalidField } from "../../src/domain/failure.ts";
import type { RequestKey } from "../../src/domain/ports/memory-store.ts";
import {
  type WriteMemoriesDeps,
  type WriteMemoriesInput,
  writeMemories,
} from "../../src/usecases/memories/write-memories.ts";
import { describeOnEngines, describeOnPostgres } from "../app/engines.ts";
import { type Database, openDatabase } from "../search/open-database.ts";
import { shareDatabase } from "../search/share-database.ts";
import { ids, item, outcomes, pause, Tenant } from "./tenant.ts";

function request(requestId = "r-1", bodyHash = "h", method = "WriteMemory"): RequestKey {
  return { requestId, bodyHash, method };
}

describeOnEngines("a repeated request", (engine) => {
  let database: Database;
  let tenant: Tenant;
  beforeAll(async () => {
    database = await shareDatabase(engine);
  });
  beforeEach(async () => {
    tenant = await Tenant.make(database.storage);
  });
  afterAll(() => database.close());

  it.each(["created", "updated", "unchanged", "revived"])("gets the first answer again: %s", async (outcome) => {
    const body = { key: "k", content: "b", tags: ["t"], metadata: { n: 1 }, linkedEntities: [{ type: "a", id: "1" }] };
    if (outcome !== "created") {
      const { memory } = await tenant.put(outcome === "unchanged" ? body : { key: "k" });
      if (outcome === "revived") {
        await tenant.storage.memories.delete(tenant.mutation(), memory.id, null);
      }
      await pause(5);
    }
    const first = await tenant.write([item(body)], { request: request() });
    expect(outcomes(first)).toEqual([outcome]);
    expect(first.replayed).toBe(false);
    await tenant.put({ key: "k", content: "later" });
    const again = await tenant.write([item(body)], { request: request() });
    expect(again).toEqual({ ...first, replayed: true });
    expect((await tenant.rows("select content from memory"))[0]).toEqual({ content: "later" });
  });

  it("gets the answers of a whole batch again, failures included", async () => {
    await tenant.put({ key: "taken" });
    const items = () => [item({ key: "a" }), item({ key: "taken", mode: "create_only" as const })];
    const first = await tenant.write(items(), { request: request() }, false);
    const again = await tenant.write(items(), { request: request() }, false);
    expect(outcomes(again)).toEqual(["created", "MEMORY_ALREADY_EXISTS"]);
    expect(again.results).toEqual(first.results);
    expect(again.deltaId).toBe(first.deltaId);
  });

  it("gets the first answer again, item by item, when the clock has passed what was still to come", async () => {
    let now = Date.now();
    const deps: WriteMemoriesDeps = {
      ...{ memories: tenant.storage.memories, ids, clock: { now: () => now }, onPending: () => {} },
      embedForWrite: async (texts) => texts.map(() => "pending" as const),
    };
    const caller: Caller = {
      ...{
        workspaceId: tenant.workspaceId,
        keyId: tenant.keyId,
        agentId: null,
        boundToAgent: false,
        registersAgents: true,
        volumeId: null,
      },
      ...{ scopes: new Set(), callId: "call", api: "native", language: "english", expireTime: null },
    };
    const [invalid, soon] = [invalidField("title", "is too long"), new Date(now + 60_000)];
    const expiring = { ...item({ expireTime: soon }), key: null };
    const batch = { writes: [invalid, expiring, item(), item({ content: " " }), item({ key: "k" })], atomic: false };
    const single = { writes: [expiring], atomic: true };
    const call = (input: Pick<WriteMemoriesInput, "writes" | "atomic">, requestId: string) =>
      writeMemories(deps, caller, { ...input, pathOf: () => "memory", request: request(requestId) }, tenant.signal);
    const first = [await call(batch, "r-1"), await call(single, "r-2")];
    expect(outcomes(first[0]!)).toEqual(["INVALID_FIELD", "created", "created", "INVALID_FIELD", "created"]);
    now += 120_000;
    const again = [await call(batch, "r-1"), await call(single, "r-2")];
    expect(again).toEqual(first.map((answer) => ({ ...answer, replayed: true })));
    await expect(call(single, "r-3")).rejects.toMatchObject({ reason: "EXPIRE_TIME_PAST" });
    expect(outcomes(await call(batch, "r-4"))[1]).toBe("EXPIRE_TIME_PAST");
  });

  it("is told apart from no answer where an earlier version left out the items that failed", async () => {
    await tenant.write([item()], { request: request() }, false);
    const items = [
      new DomainError("EXPIRE_TIME_PAST", "expire_time: must be in the future", { field: "expire_time" }),
      item(),
    ];
    await expect(tenant.write(items, { request: request() }, false)).rejects.toMatchObject({
      reason: "REQUEST_RESULT_PURGED",
    });
  });

  it("gets an update's, a delete's and a restore's answer again", async () => {
    const { memories } = tenant.storage;
    const { memory } = await tenant.put();
    const calls = [
      (key: RequestKey) =>
        memories.update(tenant.mutation({ request: key }), {
          id: memory.id,
          patch: { title: "t" },
          expectedRevision: 1,
        }),
      (key: RequestKey) => memories.delete(tenant.mutation({ request: key }), memory.id, 2),
      (key: RequestKey) => memories.restore(tenant.mutation({ request: key }), memory.id, 3),
      (key: RequestKey) => memories.restore(tenant.mutation({ request: key }), memory.id, null),
    ];
    for (const [i, call] of calls.entries()) {
      const first = await call(request(`r-${i}`));
      expect(await call(request(`r-${i}`))).toEqual(first);
    }
    expect(await tenant.revisions(memory.id)).toHaveLength(4);
  });

  it("is refused where the message, the method or the agent differs, and changes nothing", async () => {
    await tenant.put({ key: "k" }, { request: request() });
    const agentId = ids.next();
    const others = [
      { request: request("r-1", "other") },
      { request: request("r-1", "h", "UpdateMemory") },
      { request: request(), access: tenant.access(agentId) },
    ];
    for (const other of others) {
      await expect(tenant.put({ key: "k", content: "x" }, other)).rejects.toMatchObject({
        reason: "REQUEST_ID_REUSED",
        metadata: { request_id: "r-1" },
      });
    }
    expect(await tenant.rows("select revision from memory")).toEqual([{ revision: 1 }]);
  });

  it("is known by the hash of its bytes where its record has no version", async () => {
    const first = await tenant.put({ key: "k" }, { request: request("r-1", "bytes") });
    const later = (bytes: string): RequestKey => ({ ...request("r-1", "2:words"), firstRuleHash: () => bytes });
    expect(await tenant.put({ key: "k" }, { request: later("bytes") })).toEqual(first);
    await expect(tenant.put({ key: "k" }, { request: later("other") })).rejects.toMatchObject({
      reason: "REQUEST_ID_REUSED",
    });
  });

  it("is another request under another key", async () => {
    await tenant.put({ key: "k" }, { request: request() });
    const other = await tenant.put({ key: "k", content: "x" }, { request: request(), keyId: ids.next() });
    expect(other.outcome).toBe("updated");
  });

  it("is forgotten where the first call failed", async () => {
    await tenant.put({ key: "k" });
    const only = { key: "k", mode: "create_only", content: "x" } as const;
    await expect(tenant.put(only, { request: request() })).rejects.toMatchObject({ reason: "MEMORY_ALREADY_EXISTS" });
    expect((await tenant.put({ key: "k", content: "x" }, { request: request("r-1", "other") })).outcome).toBe(
      "updated",
    );
  });

  it("is refused once what it wrote is purged, and does not write it again", async () => {
    const { memory } = await tenant.put({ key: "k" }, { request: request() });
    await tenant.storage.memories.purge(tenant.mutation(), memory.id, null);
    for (const bodyHash of ["h", "other"]) {
      await expect(tenant.put({ key: "k" }, { request: request("r-1", bodyHash) })).rejects.toMatchObject({
        reason: "REQUEST_RESULT_PURGED",
      });
    }
    const [record] = await tenant.rows("select method, body_hash, results from request_record");
    expect(record).toEqual({ method: null, body_hash: null, results: null });
    expect(await tenant.rows("select memory_id from request_memory")).toEqual([]);
  });

  it("stores no content", async () => {
    await tenant.put(
      { key: "canary-key", content: "canary", title: "canary", tags: ["canary"] },
      { request: request() },
    );
    const rows = await tenant.rows(
      "select q::text as q from request_record q union all select n::text from request_memory n",
    );
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toContain("canary");
  });

  it("is a new one after 24 hours", async () => {
    await tenant.put({ key: "k" }, { request: request() });
    await tenant.rows("update request_record set create_time = now() - interval '25 hours' returning 1 as one");
    expect((await tenant.put({ key: "k", content: "x" }, { request: request("r-1", "other") })).outcome).toBe(
      "updated",
    );
    expect((await tenant.put({ key: "k" }, { request: request("r-1", "other") })).outcome).toBe("updated");
  });

  it("sent eight times at once is carried out once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        tenant.put({ content: "x" }, { request: request() }).catch((error) => error.reason),
      ),
    );
    const written = answers.filter((answer) => typeof answer !== "string");
    expect(new Set(answers.filter((answer) => typeof answer === "string"))).not.toContain("INTERNAL");
    expect(written.length).toBeGreaterThan(0);
    expect(new Set(written.map((answer) => answer.memory.id)).size).toBe(1);
    expect(await tenant.rows("select revision from memory_revision")).toEqual([{ revision: 1 }]);
  });
});

describeOnPostgres("a request that still runs", (engine) => {
  it("is refused as such", async () => {
    const database = await openDatabase(engine);
    const tenant = await Tenant.make(database.storage);
    await tenant.put({ key: "k" });
    const locked = Promise.withResolvers<void>();
    const done = Promise.withResolvers<void>();
    const holder = database.storage.session.transaction(
      { role: "cairn_app", workspaceId: tenant.workspaceId },
      null,
      async (tx) => {
        await tx.query({ name: null, text: "select id from memory for update" }, []);
        locked.resolve();
        await done.promise;
      },
    );
    await locked.promise;
    const first = tenant.put({ key: "k", content: "x" }, { request: request() });
    await pause(100);
    await expect(tenant.put({ key: "k", content: "x" }, { request: request() })).rejects.toMatchObject({
      reason: "REQUEST_IN_FLIGHT",
      metadata: { request_id: "r-1" },
    });
    done.resolve();
    await holder;
    expect((await first).outcome).toBe("updated");
    await database.close();
  });
});
