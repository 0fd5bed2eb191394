import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { AgentService } from "../../gen/server/cairn/v1/agent_service_pb.ts";
import { KeyService } from "../../gen/server/cairn/v1/key_service_pb.ts";
import { WorkspaceService } from "../../gen/server/cairn/v1/workspace_service_pb.ts";
import { failureOf, restFailure } from "../app/call-failure.ts";
import { describeOnEngines } from "../app/engines.ts";
import { rest } from "../app/rest.ts";
import type { ServedApp } from "../app/served-app.ts";
import { shareApp } from "../app/shared-app.ts";
import { makeWorkspace, memoriesOf, type Workspace, writeMemory } from "../app/tenants.ts";
import { clientOf } from "../app/wires.ts";
import { allMemories, expectStillStanding } from "./still-standing.ts";

/** Characters of four bytes that no index can make smaller. */
function rare(count: number): string {
  return Array.from({ length: count }, () => String.fromCodePoint(0x20000 + Math.floor(Math.random() * 40_000))).join(
    "",
  );
}

const M = "/api/v1/memories";
const T = "/v1/memory";

describeOnEngines("a bad request", (engine) => {
  let app: ServedApp;
  let workspace: Workspace;
  let id: string;
  let kept: Awaited<ReturnType<typeof allMemories>>;

  beforeAll(async () => {
    app = await shareApp(engine);
    workspace = await makeWorkspace(app);
    for (let count = 0; count < 3; count++) {
      id = (await writeMemory(memoriesOf(app, workspace), { content: `Note ${count}.` })).id;
    }
    kept = await allMemories(app, workspace);
  });

  afterEach(async () => {
    expect(await allMemories(app, workspace)).toEqual(kept);
  });

  afterAll(async () => {
    await expectStillStanding(app, workspace);
    await app.close();
  });

  it.each([
    ["an unknown query parameter", `GET ${M}?colour=red`, "colour"],
    ["an unknown query parameter of a write", `POST ${M}?colour=red`, "colour"],
    ["a misspelt filter", `GET ${M}?filter.subject_typ=contact`, "filter.subject_typ"],
    ["half a linked entity", `GET ${M}?filter.linked_entity.type=opportunity`, "filter.linked_entity.id"],
    ["the other half of it", `GET ${M}?filter.linked_entity.id=1`, "filter.linked_entity.type"],
    ["a page size that is no number", `GET ${M}?page_size=many`, "page_size"],
    ["a negative page size", `GET ${M}?page_size=-1`, "page_size"],
    ["a damaged page token", `GET ${M}?page_token=AAAA`, "page_token"],
    [
      "a page token and an id to go on after",
      `GET ${M}?page_token=AAAA&after_memory_id=${randomUUID()}`,
      "after_memory_id",
    ],
    ["a parameter twice", `GET ${M}?page_size=1&page_size=2`, "page_size"],
    ["a flag that is none", `GET ${M}?show_deleted=yes`, "show_deleted"],
    ["a filter on a malformed UUID", `GET ${M}?filter.agent_id=me`, "filter.agent_id"],
    ["a malformed id in the path", `GET ${M}/1234`, "memory_id"],
    ["a malformed id to delete", `DELETE ${M}/1234`, "memory_id"],
    ["an unknown mode", `POST ${M}?mode=WRITE_MODE_MAYBE`, "mode"],
    ["an expected_revision of 0", `DELETE ${M}/${randomUUID()}?expected_revision=0`, "expected_revision"],
    ["TrustPager: an unknown query parameter", `GET ${T}?colour=red`, "colour"],
    ["TrustPager: half a linked entity", `GET ${T}?linked_entity_type=opportunity`, "linked_entity_id"],
    ["TrustPager: the other half of it", `GET ${T}?linked_entity_id=1`, "linked_entity_type"],
    ["TrustPager: a limit of 101", `GET ${T}?limit=101`, "limit"],
    ["TrustPager: a limit of 0", `GET ${T}?limit=0`, "limit"],
    ["TrustPager: a limit that is no number", `GET ${T}?limit=ten`, "limit"],
    ["TrustPager: a malformed subject", `GET ${T}?subject_id=sarah`, "subject_id"],
    ["TrustPager: a malformed since", `GET ${T}?since=yesterday`, "since"],
    ["TrustPager: a malformed after", `GET ${T}?after=first`, "after"],
    ["TrustPager: an unknown visibility", `GET ${T}?visibility=public`, "visibility"],
    ["TrustPager: a malformed id", `GET ${T}/1234`, "id"],
  ])("is refused and its field named: %s", async (_what, route, field) => {
    const body = route.startsWith("POST") ? { kind: "note", content: "Good." } : undefined;
    const answer = await rest(app, workspace, route, body);
    expect(answer.status).toBe(400);
    expect(restFailure(answer)).toMatchObject({ code: "INVALID_ARGUMENT", metadata: { field } });
  });

  it.each([
    ["a blank query", { query: "  " }, "query"],
    ["a limit of 101", { query: "x", limit: 101 }, "limit"],
    ["an unknown field", { query: "x", filters: {} }, "filters"],
    [
      "metadata to filter by that is too large",
      { query: "x", filter: { metadata: { a: "x".repeat(4096) } } },
      "filter.metadata",
    ],
    ["an empty kind", { query: "x", filter: { kinds: [""] } }, "filter.kinds[0]"],
  ])("is no search: %s", async (_what, body, field) => {
    const answer = await rest(app, workspace, `POST ${M}:search`, body);
    expect(answer.status).toBe(400);
    expect(restFailure(answer).metadata.field).toBe(field);
  });

  it.each([
    ["a blank query", { query: "" }, "query"],
    ["a limit of 51", { query: "x", limit: 51 }, "limit"],
    ["a threshold of 2", { query: "x", threshold: 2 }, "threshold"],
  ])("is no search of TrustPager's: %s", async (_what, body, field) => {
    const answer = await rest(app, workspace, `POST ${T}/search`, body);
    expect(answer.status).toBe(400);
    expect(restFailure(answer).metadata.field).toBe(field);
  });

  it.each<[string, object, string, string]>([
    ["an empty body", {}, "UPDATE_MASK_EMPTY", "update_mask"],
    ["an unknown field", { contnet: "x" }, "MALFORMED_REQUEST", "contnet"],
    ["a field that never changes", { subject_type: "company" }, "FIELD_IMMUTABLE", "subject_type"],
    ["the id", { id: randomUUID() }, "MALFORMED_REQUEST", "id"],
    ["blank content", { content: " " }, "INVALID_FIELD", "content"],
    ["content that is null", { content: null }, "INVALID_FIELD", "content"],
    ["confidence 1.1", { confidence: 1.1 }, "INVALID_FIELD", "confidence"],
    ["101 tags", { tags: Array.from({ length: 101 }, (_, i) => `${i}`) }, "INVALID_FIELD", "tags"],
    [
      "metadata too deep",
      { metadata: JSON.parse(`${'{"a":'.repeat(17)}1${"}".repeat(17)}`) },
      "INVALID_FIELD",
      "metadata",
    ],
  ])("is no patch: %s", async (_what, body, reason, field) => {
    const answer = await rest(app, workspace, `PATCH ${M}/${id}`, body);
    expect(answer.status).toBe(400);
    expect(restFailure(answer)).toMatchObject({ reason, metadata: { field } });
  });

  it.each<[string, object, string]>([
    ["an empty body", {}, "update_mask"],
    ["kind, which a patch may not change", { kind: "other" }, "kind"],
    ["blank content", { content: " " }, "content"],
    ["101 tags", { tags: Array.from({ length: 101 }, (_, i) => `${i}`) }, "tags"],
    ["an expiry that is no timestamp", { expires_at: "soon" }, "expires_at"],
  ])("is no patch of TrustPager's: %s", async (_what, body, field) => {
    const answer = await rest(app, workspace, `PATCH ${T}/${id}`, body);
    expect(answer.status).toBe(400);
    expect(restFailure(answer).metadata.field).toBe(field);
  });

  describe("names a field by its path from the request's root, and over REST from the body's", () => {
    const long = { content: "Long.", kind: rare(200), subjectType: rare(200), subjectId: rare(200), key: rare(500) };

    it.each([
      ["a batch of two", [{ memory: { kind: "note", content: "Short." } }, { memory: long }], "writes[1].memory.key"],
      ["a batch of one", [{ memory: long }], "writes[0].memory.key"],
    ])("in what the database refuses of %s", async (_what, writes, field) => {
      const failure = await failureOf(memoriesOf(app, workspace).batchWriteMemories({ writes }));
      expect(failure).toMatchObject({ reason: "INVALID_FIELD", metadata: { field } });
      expect(failure.message).toMatch(`${field}: `);
    });

    it("in a write by itself, and in an item that fails alone", async () => {
      const memories = memoriesOf(app, workspace);
      const failure = await failureOf(memories.writeMemory({ memory: long }));
      expect(failure).toMatchObject({ reason: "INVALID_FIELD", metadata: { field: "memory.key" } });
      const { results } = await memories.batchWriteMemories({ writes: [{ memory: long }], atomic: false });
      expect(results[0]!.error).toMatchObject({ reason: "INVALID_FIELD", field: "memory.key" });
    });

    it("in a mask", async () => {
      const request = { memoryId: id, memory: {}, updateMask: { paths: ["subject_type"] } };
      const failure = await failureOf(memoriesOf(app, workspace).updateMemory(request));
      expect(failure).toMatchObject({ reason: "FIELD_IMMUTABLE", metadata: { field: "memory.subject_type" } });
    });

    it("in a language that the database does not know", async () => {
      const workspaces = clientOf(WorkspaceService, app, { key: app.rootKey });
      const settings = { language: "klingon" };
      expect(await failureOf(workspaces.createWorkspace({ handle: "k", settings }))).toMatchObject({
        metadata: { field: "settings.language" },
      });
      const update = { workspace: workspace.id, changes: { settings }, updateMask: { paths: ["settings"] } };
      expect(await failureOf(workspaces.updateWorkspace(update))).toMatchObject({
        metadata: { field: "changes.settings.language" },
      });
      const patch = `PATCH /api/v1/workspaces/${workspace.id}`;
      const answer = await rest(app, { key: app.rootKey }, patch, { settings });
      expect(restFailure(answer).metadata).toEqual({ field: "settings.language" });
    });
  });

  it("names an agent that is not there by the same metadata, wherever it is named", async () => {
    for (const agent of ["nobody", randomUUID()]) {
      const agents = clientOf(AgentService, app, workspace);
      const failures = await Promise.all([
        failureOf(agents.getAgent({ agent })),
        failureOf(agents.deleteAgent({ agent })),
        failureOf(agents.updateAgent({ agent, changes: {}, updateMask: { paths: ["display_name"] } })),
        failureOf(clientOf(KeyService, app, workspace).createKey({ agent, scopes: ["memory:read"] })),
        failureOf(memoriesOf(app, { ...workspace, agent }).listMemories({})),
      ]);
      expect(failures).toEqual(
        Array(5).fill(expect.objectContaining({ reason: "AGENT_NOT_FOUND", metadata: { agent } })),
      );
    }
  });

  describe("by its route", () => {
    it.each([
      `GET /api/v1/nothing`,
      `GET /`,
      `POST ${M}:unknown`,
      `GET ${M}/${randomUUID()}/unknown`,
      `GET /v2/memory`,
    ])("%s is not found", async (route) => {
      const answer = await rest(app, workspace, route, route.startsWith("POST") ? {} : undefined);
      expect(answer.status).toBe(404);
      expect(restFailure(answer)).toMatchObject({ code: "NOT_FOUND", reason: "ROUTE_NOT_FOUND" });
    });

    it.each([
      [`DELETE ${M}`, ["GET", "HEAD", "POST"]],
      [`PUT ${M}/${randomUUID()}`, ["DELETE", "GET", "HEAD", "PATCH"]],
      [`GET ${M}:search`, ["POST"]],
      [`PUT ${T}/${randomUUID()}`, ["DELETE", "GET", "HEAD", "PATCH"]],
    ])("%s names the methods that are allowed", async (route, allowed) => {
      const answer = await rest(app, workspace, route);
      expect(answer.status).toBe(405);
      expect(answer.headers.get("allow")?.split(", ").sort()).toEqual(allowed);
      expect(restFailure(answer).reason).toBe("ROUTE_NOT_FOUND");
    });
  });

  describe("by its credentials", () => {
    it.each([
      ["no key", {}, "CREDENTIALS_MISSING"],
      ["a wrong key", { authorization: "Bearer nothing-of-ours" }, "CREDENTIALS_INVALID"],
      ["another scheme", { authorization: "Basic Zm9vOmJhcg==" }, "CREDENTIALS_INVALID"],
      ["an empty header", { authorization: "Bearer " }, "CREDENTIALS_INVALID"],
      ["a key of 10,000 characters", { authorization: `Bearer ${"k".repeat(10_000)}` }, "CREDENTIALS_INVALID"],
    ])("%s is 401 at both interfaces", async (_what, headers, reason) => {
      for (const route of [`GET ${M}`, `GET ${T}`]) {
        const answer = await rest(app, {}, route, undefined, headers);
        expect(answer.status).toBe(401);
        expect(restFailure(answer)).toMatchObject({ code: "UNAUTHENTICATED", reason });
      }
    });

    it("another workspace's id is 404, and so is one that is nobody's", async () => {
      const other = await makeWorkspace(app);
      for (const memoryId of [id, randomUUID()]) {
        for (const route of [`GET ${M}/${memoryId}`, `DELETE ${M}/${memoryId}`, `GET ${T}/${memoryId}`]) {
          const answer = await rest(app, other, route);
          expect(answer.status).toBe(404);
          expect(restFailure(answer)).toMatchObject({ reason: "MEMORY_NOT_FOUND", metadata: { memory_id: memoryId } });
        }
      }
    });
  });
});
