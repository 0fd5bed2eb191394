import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { restFailure } from "../app/call-failure.ts";
import { describeOnEngines } from "../app/engines.ts";
import { nativePitchBody, newPitch } from "../app/nurture-agent.ts";
import { jsonLines, rest } from "../app/rest.ts";
import { errorLines, type ServedApp } from "../app/served-app.ts";
import { shareApp } from "../app/shared-app.ts";
import { makeAgent, makeKey, makeWorkspace } from "../app/tenants.ts";

describeOnEngines("the native REST interface", (engine) => {
  let app: ServedApp;
  let agentId: string;
  let call: (route: string, body?: unknown, headers?: Record<string, string>) => ReturnType<typeof rest>;

  beforeAll(async () => {
    app = await shareApp(engine);
    const workspace = await makeWorkspace(app);
    agentId = await makeAgent(app, workspace, "nurture-agent");
    const { key } = await makeKey(app, workspace, { agent: agentId });
    call = (route, body, headers) => rest(app, { key }, route, body, headers);
  });

  afterAll(async () => {
    const errors = errorLines(app);
    await app.close();
    expect(errors).toEqual([]);
  });

  const write = (body: object) => call("POST /api/v1/memories", body);

  it("answers 201 to a first write and 200 to the next ones of the same key, with the same id", async () => {
    const pitch = nativePitchBody(newPitch(agentId));
    const first = await write(pitch);
    expect(first.status).toBe(201);
    expect(first.json).toMatchObject({ outcome: "OUTCOME_CREATED", memory: { ...pitch, confidence: 1, revision: 1 } });
    const { id } = first.json.memory;

    const same = await write(pitch);
    expect([same.status, same.json.outcome, same.json.memory.id]).toEqual([200, "OUTCOME_UNCHANGED", id]);
    const other = await write({ ...pitch, content: "Something else." });
    expect([other.status, other.json.outcome, other.json.memory.id]).toEqual([200, "OUTCOME_UPDATED", id]);

    const deleted = await call(`DELETE /api/v1/memories/${id}`);
    expect([deleted.status, deleted.json.id]).toEqual([200, id]);
    const gone = await call(`GET /api/v1/memories/${id}`);
    expect([gone.status, restFailure(gone).reason]).toEqual([404, "MEMORY_NOT_FOUND"]);

    const revived = await write(pitch);
    expect([revived.status, revived.json.outcome, revived.json.memory.id]).toEqual([200, "OUTCOME_REVIVED", id]);
    const read = await call(`GET /api/v1/memories/${id}`);
    expect([read.status, read.json]).toEqual([200, revived.json.memory]);
  });

  it("filters a list by query parameters in either spelling", async () => {
    const pitch = newPitch(agentId);
    const { id } = (await write(nativePitchBody(pitch))).json.memory;
    await write(nativePitchBody(newPitch(agentId)));
    const by = async (query: string) =>
      (await call(`GET /api/v1/memories?${query}`)).json.memories.map((memory: { id: string }) => memory.id);
    expect(await by(`filter.subject_type=contact&filter.subject_id=${pitch.contactId}`)).toEqual([id]);
    expect(await by(`filter.subjectId=${pitch.contactId}&filter.kinds=pitch&filter.kinds=note`)).toEqual([id]);
    const entity = `filter.linked_entity.type=opportunity&filter.linked_entity.id=${pitch.opportunityId}`;
    expect(await by(entity)).toEqual([id]);
    expect(await by(`filter.subject_id=${pitch.contactId}&filter.tags_any=angle:time_savings`)).toEqual([id]);
    expect(await by(`filter.subject_id=${pitch.contactId}&filter.tags_none=angle:time_savings`)).toEqual([]);
  });

  describe("PATCH", () => {
    const patch = (id: string, body: object, query = "") => call(`PATCH /api/v1/memories/${id}${query}`, body);
    const written = async () => {
      const expire_time = new Date(Date.now() + 3_600_000).toISOString();
      return (await write({ ...nativePitchBody(newPitch(agentId)), expire_time, expire_reason: "offer" })).json.memory;
    };

    it("changes the keys that the body names and no others", async () => {
      const before = await written();
      const answer = await patch(before.id, { content: "New words.", confidence: 0.5 });
      expect(answer.status).toBe(200);
      const { update_time, embedding_status, ...same } = before;
      expect(answer.json).toMatchObject({ ...same, content: "New words.", confidence: 0.5, revision: 2 });
    });

    it("clears what is null or empty", async () => {
      const before = await written();
      const answer = await patch(before.id, { tags: [], expire_time: null, linked_entities: [] });
      expect(answer.json).toMatchObject({ tags: [], linked_entities: [], expire_reason: "offer", revision: 2 });
      expect(answer.json.expire_time ?? null).toBeNull();
    });

    it("keeps to an update_mask that the query names", async () => {
      const before = await written();
      const answer = await patch(before.id, { content: "Ignored.", title: "Kept" }, "?update_mask=title");
      expect(answer.json).toMatchObject({ content: before.content, title: "Kept" });
    });

    it("replaces metadata whole", async () => {
      const before = await written();
      expect((await patch(before.id, { metadata: { one: 1 } })).json.metadata).toEqual({ one: 1 });
    });

    it.each([
      ["an empty body", {}, "UPDATE_MASK_EMPTY", "update_mask"],
      ["a field that never changes", { key: "other" }, "FIELD_IMMUTABLE", "key"],
      ["the kind of a memory with a key", { kind: "other" }, "FIELD_IMMUTABLE", "kind"],
    ])("refuses %s", async (_what, body, reason, field) => {
      const before = await written();
      const answer = await patch(before.id, body);
      expect(answer.status).toBe(400);
      expect(restFailure(answer)).toMatchObject({ code: "INVALID_ARGUMENT", reason, metadata: { field } });
      expect((await call(`GET /api/v1/memories/${before.id}`)).json).toEqual(before);
    });

    it("takes a past expire_time as now", async () => {
      const { id } = await written();
      expect((await patch(id, { expire_time: "2001-01-01T00:00:00Z" })).status).toBe(200);
      expect((await call(`GET /api/v1/memories/${id}`)).status).toBe(404);
      expect((await call(`GET /api/v1/memories/${id}?show_expired=true`)).status).toBe(200);
    });
  });

  it("restores, purges and shows revisions", async () => {
    const { id } = (await write(nativePitchBody(newPitch(agentId)))).json.memory;
    await call(`DELETE /api/v1/memories/${id}`);
    const restored = await call(`POST /api/v1/memories/${id}:restore`, {});
    expect([restored.status, restored.json.revision]).toEqual([200, 3]);
    const { json } = await call(`GET /api/v1/memories/${id}/revisions`);
    expect(json.revisions.map((one: { change: string }) => one.change)).toEqual([
      "CHANGE_RESTORED",
      "CHANGE_DELETED",
      "CHANGE_CREATED",
    ]);
    const purged = await call(`POST /api/v1/memories/${id}:purge`, {});
    expect([purged.status, purged.json]).toEqual([200, { memory_id: id }]);
    expect((await call(`GET /api/v1/memories/${id}?show_deleted=true`)).status).toBe(404);
  });

  it("writes a batch", async () => {
    const subject_id = randomUUID();
    const writes = ["one", "two"].map((content) => ({ memory: { kind: "note", subject_id, content } }));
    const answer = await call("POST /api/v1/memories:batchWrite", { writes });
    expect(answer.status).toBe(200);
    expect(answer.json.results).toMatchObject([{ outcome: "OUTCOME_CREATED" }, { outcome: "OUTCOME_CREATED" }]);
  });

  it("streams a search as NDJSON, and as server-sent events to who accepts them", async () => {
    const pitch = newPitch(agentId);
    const { memory } = (await write(nativePitchBody(pitch))).json;
    const body = { query: "ROI calculator", filter: { subject_id: pitch.contactId } };
    const ndjson = await call("POST /api/v1/memories:search", body);
    expect([ndjson.status, ndjson.headers.get("content-type")]).toEqual([200, "application/x-ndjson"]);
    const [result, summary] = jsonLines(ndjson.text);
    expect(result).toMatchObject({ result: { rank: 1, memory } });
    expect(summary).toMatchObject({ summary: { count: 1, truncated: false } });

    const events = await call("POST /api/v1/memories:search", body, { accept: "text/event-stream" });
    expect(events.headers.get("content-type")).toBe("text/event-stream");
    expect(events.text.match(/^event: .*$/gm)).toEqual(["event: result", "event: summary"]);
  });

  it("answers 409 to CREATE_ONLY of a live key, and to it alone", async () => {
    const pitch = nativePitchBody(newPitch(agentId));
    const { id } = (await write(pitch)).json.memory;
    const answer = await call("POST /api/v1/memories?mode=WRITE_MODE_CREATE_ONLY", pitch);
    expect(answer.status).toBe(409);
    expect(restFailure(answer)).toMatchObject({ reason: "MEMORY_ALREADY_EXISTS", metadata: { memory_id: id } });
    const keyed = await Promise.all(Array.from({ length: 32 }, (_, i) => write({ ...pitch, content: `Take ${i}.` })));
    expect(keyed.map((one) => one.status)).toEqual(Array(32).fill(200));
  });
});
