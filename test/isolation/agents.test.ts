import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AgentService } from "../../gen/server/cairn/v1/agent_service_pb.ts";
import { Visibility } from "../../gen/server/cairn/v1/memory_pb.ts";
import { failureOf } from "../app/call-failure.ts";
import { collect } from "../app/collect.ts";
import { describeOnEngines } from "../app/engines.ts";
import type { ServedApp } from "../app/served-app.ts";
import { shareApp } from "../app/shared-app.ts";
import {
  type MemoryClient,
  makeAgent,
  makeKey,
  makeWorkspace,
  memoriesOf,
  type Workspace,
  writeMemory,
} from "../app/tenants.ts";
import { clientOf } from "../app/wires.ts";

const notFound = { code: "NOT_FOUND", reason: "MEMORY_NOT_FOUND" };

describeOnEngines("agents of one workspace", (engine) => {
  let app: ServedApp;
  let workspace: Workspace;
  let alice: string;
  let bob: string;
  let asAlice: MemoryClient;
  let asBob: MemoryClient;
  let asAll: MemoryClient;

  beforeAll(async () => {
    app = await shareApp(engine);
    workspace = await makeWorkspace(app);
    alice = await makeAgent(app, workspace, "alice");
    bob = await makeAgent(app, workspace, "bob");
    asAlice = memoriesOf(app, await makeKey(app, workspace, { agent: alice }));
    asBob = memoriesOf(app, await makeKey(app, workspace, { agent: bob }));
    asAll = memoriesOf(app, workspace);
  });

  afterAll(() => app.close());

  const seenBy = async (memories: MemoryClient, id: string) => {
    const { memory } = await memories.getMemory({ memoryId: id }).catch(() => ({ memory: undefined }));
    const { memories: listed } = await memories.listMemories({ pageSize: 100, showDeleted: true, showExpired: true });
    const found = await collect(memories.search({ query: "secret", limit: 100 }));
    const hits = found.flatMap(({ part }) => (part.case === "result" ? [part.value.memory!.id] : []));
    const { text } = await memories.assembleContext({ query: "secret", tokenBudget: 32_000, limit: 100 });
    const revisions = await memories.listRevisions({ memoryId: id }).catch(() => ({ revisions: [] }));
    return {
      get: memory !== undefined,
      list: listed.some((one) => one.id === id),
      search: hits.includes(id),
      context: text.includes(id),
      revisions: revisions.revisions.length > 0,
    };
  };
  const everywhere = { get: true, list: true, search: true, context: true, revisions: true };
  const nowhere = { get: false, list: false, search: false, context: false, revisions: false };

  const changes = (memories: MemoryClient, memoryId: string) => [
    () => memories.updateMemory({ memoryId, memory: { title: "Mine now" }, updateMask: { paths: ["title"] } }),
    () => memories.deleteMemory({ memoryId }),
    () => memories.restoreMemory({ memoryId }),
    () => memories.purgeMemory({ memoryId }),
  ];

  it("do not see each other's PRIVATE memories, anywhere", async () => {
    const { id, revision } = await writeMemory(asAlice, { content: "A secret of Alice." });
    expect(await seenBy(asAlice, id)).toEqual(everywhere);
    expect(await seenBy(asBob, id)).toEqual(nowhere);
    expect(await seenBy(asAll, id)).toEqual(everywhere);
    for (const change of changes(asBob, id)) {
      expect(await failureOf(change())).toMatchObject(notFound);
    }
    expect((await asAlice.getMemory({ memoryId: id })).memory).toMatchObject({ revision, title: "" });
  });

  it("read each other's SHARED memories, and may not change them", async () => {
    const { id } = await writeMemory(asAlice, { content: "A shared secret.", visibility: Visibility.SHARED });
    expect(await seenBy(asBob, id)).toEqual(everywhere);
    for (const change of changes(asBob, id)) {
      expect(await failureOf(change())).toMatchObject({ code: "PERMISSION_DENIED", reason: "NOT_OWNER" });
    }
    expect((await asBob.getMemory({ memoryId: id })).memory?.revision).toBe(1);
    await asAll.updateMemory({ memoryId: id, memory: { title: "Ours" }, updateMask: { paths: ["title"] } });
  });

  it("lose sight of a memory that its owner makes PRIVATE", async () => {
    const { id } = await writeMemory(asAlice, { content: "A secret for now.", visibility: Visibility.SHARED });
    const memory = { visibility: Visibility.PRIVATE };
    await asAlice.updateMemory({ memoryId: id, memory, updateMask: { paths: ["visibility"] } });
    expect(await seenBy(asBob, id)).toEqual(nowhere);
  });

  it("never meet in one upsert tuple", async () => {
    const memory = { kind: "pitch", key: randomUUID(), content: "Same key." };
    const ids = await Promise.all(
      [asAlice, asBob, asAll].map(async (memories) => (await writeMemory(memories, memory)).id),
    );
    expect(new Set(ids).size).toBe(3);
  });

  it("leave PRIVATE memories without an owner to workspace-wide keys", async () => {
    const { id, agentId } = await writeMemory(asAll, { content: "A secret of nobody." });
    expect(agentId).toBeUndefined();
    expect(await seenBy(asAll, id)).toEqual(everywhere);
    for (const memories of [asAlice, memoriesOf(app, { key: workspace.key, agent: "alice" })]) {
      expect(await seenBy(memories, id)).toEqual(nowhere);
      for (const change of changes(memories, id)) {
        expect(await failureOf(change())).toMatchObject(notFound);
      }
    }
  });

  it("do not learn of another's memory from CREATE_ONLY or from an agent filter", async () => {
    const { id } = await writeMemory(asAlice, { content: "A secret to filter for." });
    const { memories } = await asBob.listMemories({ filter: { agentId: alice } });
    expect(memories.map((memory) => memory.id)).not.toContain(id);
    expect(memories.every((memory) => memory.visibility === Visibility.SHARED)).toBe(true);
  });

  describe("named in the cairn-agent header of a workspace-wide key", () => {
    it.each(["UUID", "handle"])("narrow it to their view and own what it writes, by %s", async (by) => {
      const narrowed = memoriesOf(app, { key: workspace.key, agent: by === "UUID" ? alice : "alice" });
      const mine = await writeMemory(narrowed, { content: "A secret written for Alice." });
      expect(mine.agentId).toBe(alice);
      expect(await seenBy(asAlice, mine.id)).toEqual(everywhere);
      const theirs = await writeMemory(asBob, { content: "A secret of Bob." });
      expect(await seenBy(narrowed, theirs.id)).toEqual(nowhere);
    });

    it.each([
      ["an unknown handle", "nobody"],
      ["an unknown UUID", randomUUID()],
    ])("have to exist: %s", async (_what, agent) => {
      const call = memoriesOf(app, { key: workspace.key, agent }).listMemories({});
      expect(await failureOf(call)).toMatchObject({ code: "NOT_FOUND", reason: "AGENT_NOT_FOUND" });
    });

    it("are registered by a write that first names their UUID", async () => {
      const agent = randomUUID();
      expect((await writeMemory(memoriesOf(app, { key: workspace.key, agent }))).agentId).toBe(agent);
      const registered = await clientOf(AgentService, app, workspace).getAgent({ agent: `agent-${agent}` });
      expect(registered.agent?.id).toBe(agent);
    });

    it("are the same as its agent_id, or the write is refused", async () => {
      const narrowed = memoriesOf(app, { key: workspace.key, agent: "alice" });
      expect((await writeMemory(narrowed, { agentId: alice })).agentId).toBe(alice);
      const call = narrowed.writeMemory({ memory: { kind: "note", content: "Whose?", agentId: bob } });
      expect(await failureOf(call)).toMatchObject({ code: "PERMISSION_DENIED", reason: "AGENT_MISMATCH" });
    });
  });

  it("are refused where a bound key names another, in the header or in a write", async () => {
    const bound = await makeKey(app, workspace, { agent: alice });
    const mismatch = { code: "PERMISSION_DENIED", reason: "AGENT_MISMATCH" };
    for (const agent of [bob, "bob"]) {
      expect(await failureOf(memoriesOf(app, { ...bound, agent }).listMemories({}))).toMatchObject(mismatch);
    }
    const write = memoriesOf(app, bound).writeMemory({ memory: { kind: "note", content: "Whose?", agentId: bob } });
    expect(await failureOf(write)).toMatchObject(mismatch);
    for (const agent of [alice, "alice"]) {
      await memoriesOf(app, { ...bound, agent }).listMemories({});
    }
  });

  it("are registered by a write of a workspace-wide key that gives an agent_id never seen", async () => {
    const agentId = randomUUID();
    expect((await writeMemory(asAll, { agentId })).agentId).toBe(agentId);
    const { agent } = await clientOf(AgentService, app, workspace).getAgent({ agent: agentId });
    expect(agent).toMatchObject({ id: agentId, handle: `agent-${agentId}` });
  });

  it("leave their memories behind, and lose their keys, when they are deleted", async () => {
    const carol = await makeAgent(app, workspace, "carol");
    const asCarol = memoriesOf(app, await makeKey(app, workspace, { agent: carol }));
    const { id } = await writeMemory(asCarol, { content: "A secret that outlives Carol." });
    const deleted = await clientOf(AgentService, app, workspace).deleteAgent({ agent: "carol" });
    expect(deleted).toMatchObject({ agentId: carol, revokedKeys: 1 });
    expect(await failureOf(asCarol.getMemory({ memoryId: id }))).toMatchObject({
      code: "UNAUTHENTICATED",
      reason: "CREDENTIALS_INVALID",
    });
    expect((await asAll.getMemory({ memoryId: id })).memory?.agentId).toBe(carol);
  });
});
