import { randomUUID } from "node:crypto";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Outcome, Visibility } from "../../gen/server/cairn/v1/memory_pb.ts";
import { MemoryService } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import { failureOf } from "../app/call-failure.ts";
import { collect } from "../app/collect.ts";
import { describeOnEngines } from "../app/engines.ts";
import { newPitch, pitchMemory } from "../app/nurture-agent.ts";
import { errorLines, type ServedApp } from "../app/served-app.ts";
import { shareApp } from "../app/shared-app.ts";
import { type MemoryClient, makeAgent, makeKey, makeWorkspace } from "../app/tenants.ts";
import { clientOf, type WireName, wires } from "../app/wires.ts";

describeOnEngines("the main job", (engine) => {
  let app: ServedApp;

  beforeAll(async () => {
    app = await shareApp(engine);
  });

  afterAll(async () => {
    const errors = errorLines(app);
    await app.close();
    expect(errors).toEqual([]);
  });

  describe.each(Object.keys(wires) as WireName[])("by %s", (wire) => {
    let memories: MemoryClient;
    let agentId: string;

    beforeAll(async () => {
      const workspace = await makeWorkspace(app);
      agentId = await makeAgent(app, workspace, "nurture-agent");
      const { key } = await makeKey(app, workspace, { agent: agentId });
      memories = clientOf(MemoryService, app, { key }, wire);
    });

    it("writes, writes again under the same key, deletes and revives one memory", async () => {
      const pitch = pitchMemory(newPitch(agentId));
      const created = await memories.writeMemory({ memory: pitch });
      expect(created.outcome).toBe(Outcome.CREATED);
      const { memory: first } = created;
      expect(first).toMatchObject({ ...pitch, visibility: Visibility.PRIVATE, confidence: 1, revision: 1, title: "" });

      const unchanged = await memories.writeMemory({ memory: pitch });
      expect(unchanged.outcome).toBe(Outcome.UNCHANGED);
      expect(unchanged.memory).toMatchObject({ id: first!.id, revision: 1 });

      const updated = await memories.writeMemory({ memory: { ...pitch, content: "Pitched it again.", tags: [] } });
      expect(updated.outcome).toBe(Outcome.UPDATED);
      expect(updated.memory).toMatchObject({ id: first!.id, revision: 2, content: "Pitched it again.", tags: [] });

      const deleted = await memories.deleteMemory({ memoryId: first!.id });
      expect(deleted.memory?.deleteTime).toBeDefined();
      expect(await failureOf(memories.getMemory({ memoryId: first!.id }))).toMatchObject({
        code: "NOT_FOUND",
        reason: "MEMORY_NOT_FOUND",
      });

      const revived = await memories.writeMemory({ memory: pitch });
      expect(revived.outcome).toBe(Outcome.REVIVED);
      expect(revived.memory).toMatchObject({ id: first!.id, content: pitch.content, metadata: pitch.metadata });
      expect(revived.memory?.deleteTime).toBeUndefined();
      expect((await memories.getMemory({ memoryId: first!.id })).memory).toEqual(revived.memory);
    });

    it("lists a contact's pitches by subject and kind", async () => {
      const pitch = newPitch(agentId);
      const written = await memories.writeMemory({ memory: pitchMemory(pitch) });
      await memories.writeMemory({ memory: { ...pitchMemory(pitch), kind: "objection" } });
      await memories.writeMemory({ memory: pitchMemory(newPitch(agentId)) });
      const filter = { subjectType: "contact", subjectId: pitch.contactId, kinds: ["pitch"] };
      const { memories: listed, nextPageToken } = await memories.listMemories({ filter });
      expect(listed).toEqual([written.memory]);
      expect(nextPageToken).toBe("");
    });

    it("streams a pitch by meaning, then one summary", async () => {
      const subjectId = randomUUID();
      const pitch = { ...pitchMemory(newPitch(agentId)), subjectId };
      const written = await memories.writeMemory({ memory: pitch });
      await memories.writeMemory({
        memory: { kind: "pitch", subjectType: "contact", subjectId, content: "Likes tea." },
      });
      const query = "stretched thin on follow-up";
      const parts = (await collect(memories.search({ query, filter: { subjectId } }))).map(({ part }) => part);
      const summary = parts.pop();
      expect(summary).toMatchObject({ case: "summary", value: { count: parts.length, degraded: false, skipped: 0 } });
      expect(parts[0]).toMatchObject({ case: "result", value: { rank: 1, memory: written.memory } });
      expect(parts.map((part) => part.case)).not.toContain("summary");
    });

    it("hides an expired memory from get, list and search", async () => {
      const subjectId = randomUUID();
      const memory = { ...pitchMemory(newPitch(agentId)), subjectId };
      const filter = { subjectId };
      const began = Date.now();
      await memories.writeMemory({ memory: { ...memory, expireTime: timestampFromMs(began + 3_600_000) } });
      await memories.listMemories({ filter });
      // Many times what this machine takes just now for what must come before the expiry.
      const expiresAt = Date.now() + 20 * (Date.now() - began) + 500;
      const written = await memories.writeMemory({ memory: { ...memory, expireTime: timestampFromMs(expiresAt) } });
      const memoryId = written.memory!.id;
      expect((await memories.getMemory({ memoryId })).memory?.expireTime).toEqual(written.memory?.expireTime);
      expect((await memories.listMemories({ filter })).memories).toHaveLength(1);
      await new Promise((done) => setTimeout(done, expiresAt - Date.now() + 50));
      expect(await failureOf(memories.getMemory({ memoryId }))).toMatchObject({ code: "NOT_FOUND" });
      expect((await memories.listMemories({ filter })).memories).toEqual([]);
      const parts = await collect(memories.search({ query: "stretched thin on follow-up", filter }));
      expect(parts.map(({ part }) => part.case)).toEqual(["summary"]);
      const again = await memories.writeMemory({ memory });
      expect(again).toMatchObject({ outcome: Outcome.REVIVED, memory: { id: memoryId } });
    });

    it("names the field at fault and changes nothing", async () => {
      const subjectId = randomUUID();
      const call = memories.writeMemory({ memory: { ...pitchMemory(newPitch(agentId)), subjectId, confidence: 1.1 } });
      expect(await failureOf(call)).toMatchObject({
        code: "INVALID_ARGUMENT",
        reason: "INVALID_FIELD",
        metadata: { field: "memory.confidence" },
      });
      expect((await memories.listMemories({ filter: { subjectId } })).memories).toEqual([]);
    });
  });
});
