import { randomUUID } from "node:crypto";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Change, Outcome } from "../../gen/server/cairn/v1/memory_pb.ts";
import {
  MemoryService,
  type WriteMemoryRequestSchema,
  WriteMode,
} from "../../gen/server/cairn/v1/memory_service_pb.ts";
import { failureOf } from "../app/call-failure.ts";
import { describeOnEngines } from "../app/engines.ts";
import { rest } from "../app/rest.ts";
import { errorLines, type ServedApp } from "../app/served-app.ts";
import { shareApp } from "../app/shared-app.ts";
import { type MemoryClient, makeKey, makeWorkspace, memoriesOf, type Workspace, writeMemory } from "../app/tenants.ts";
import { clientOf } from "../app/wires.ts";

describeOnEngines("a mutation", (engine) => {
  let app: ServedApp;
  let workspace: Workspace;
  let memories: MemoryClient;

  beforeAll(async () => {
    app = await shareApp(engine);
    workspace = await makeWorkspace(app);
    memories = memoriesOf(app, workspace);
  });

  afterAll(async () => {
    const errors = errorLines(app);
    await app.close();
    expect(errors).toEqual([]);
  });

  const note = (content = "A note.") => ({ kind: "note", key: randomUUID(), content });
  const revisionsOf = async (memoryId: string) => (await memories.listRevisions({ memoryId })).revisions;

  describe("with a request_id", () => {
    it("gives the first answer again, also after a change and a delete", async () => {
      const request = { memory: note(), requestId: randomUUID() };
      const first = await memories.writeMemory(request);
      const memoryId = first.memory!.id;
      expect(await memories.writeMemory(request)).toEqual(first);
      await memories.updateMemory({ memoryId, memory: { content: "Changed." }, updateMask: { paths: ["content"] } });
      const replayed = await memories.writeMemory(request);
      expect(replayed).toMatchObject({ outcome: Outcome.CREATED, deltaId: first.deltaId });
      expect(replayed.memory).toMatchObject({ id: memoryId, revision: 1, content: "A note." });
      expect(await revisionsOf(memoryId)).toHaveLength(2);
    });

    // As Go, Java and others marshal it: the entries of a map, and so the keys of a Struct, in an order of the moment.
    it("gives the first answer again whatever the order of keys and of a mask, over every API", async () => {
      const metadata = { plan: "pro", seats: { used: 3, free: [{ from: 1, to: 2 }] }, 10: true };
      const shuffled = { 10: true, seats: { free: [{ to: 2, from: 1 }], used: 3 }, plan: "pro" };
      const memory = { ...note(), metadata };
      const request = { memory, requestId: randomUUID() };
      const first = await memories.writeMemory(request);
      for (const wire of [
        "gRPC by @grpc/grpc-js",
        "gRPC-Web over HTTP/1.1",
        "Connect over HTTP/1.1 in JSON",
      ] as const) {
        const other = clientOf(MemoryService, app, workspace, wire);
        const again = await other.writeMemory({ ...request, memory: { ...memory, metadata: shuffled } });
        expect(again.deltaId).toBe(first.deltaId);
      }
      const route = `POST /api/v1/memories?request_id=${request.requestId}`;
      const overRest = await rest(app, workspace, route, { title: "", ...memory, metadata: shuffled });
      expect(overRest.json).toMatchObject({ delta_id: first.deltaId });
      const memoryId = first.memory!.id;
      const update = { memoryId, memory: { title: "New", metadata }, requestId: randomUUID() };
      const updated = await memories.updateMemory({ ...update, updateMask: { paths: ["title", "metadata"] } });
      const again = { ...update, memory: { title: "New", metadata: shuffled } };
      expect(await memories.updateMemory({ ...again, updateMask: { paths: ["metadata", "title"] } })).toEqual(updated);
    });

    it("is refused with another message, and belongs to its key alone", async () => {
      const requestId = randomUUID();
      const first = await memories.writeMemory({ memory: note(), requestId });
      expect(await failureOf(memories.writeMemory({ memory: note(), requestId }))).toMatchObject({
        code: "INVALID_ARGUMENT",
        reason: "REQUEST_ID_REUSED",
      });
      const other = memoriesOf(app, await makeKey(app, workspace));
      const second = await other.writeMemory({ memory: note(), requestId });
      expect(second.memory?.id).not.toBe(first.memory?.id);
    });

    it("makes one of many racing calls the writer", async () => {
      const request = { memory: note(), requestId: randomUUID() };
      const calls = await Promise.allSettled(Array.from({ length: 16 }, () => memories.writeMemory(request)));
      const ids = calls.flatMap((call) => (call.status === "fulfilled" ? [call.value.memory!.id] : []));
      expect(new Set(ids).size).toBe(1);
      for (const call of calls) {
        if (call.status === "rejected") {
          expect(await failureOf(Promise.reject(call.reason))).toMatchObject({
            code: "ABORTED",
            reason: "REQUEST_IN_FLIGHT",
          });
        }
      }
      expect(await revisionsOf(ids[0]!)).toHaveLength(1);
    });

    it("is not used up by a failure, and answers NOT_FOUND once its memory is purged", async () => {
      const requestId = randomUUID();
      const expireTime = timestampFromMs(1);
      expect(await failureOf(memories.writeMemory({ memory: { ...note(), expireTime }, requestId }))).toMatchObject({
        reason: "EXPIRE_TIME_PAST",
      });
      const request = { memory: note(), requestId };
      const { memory } = await memories.writeMemory(request);
      await memories.purgeMemory({ memoryId: memory!.id });
      expect(await failureOf(memories.writeMemory(request))).toMatchObject({
        code: "NOT_FOUND",
        reason: "REQUEST_RESULT_PURGED",
      });
    });

    it("replays deletes and updates too", async () => {
      const { id: memoryId } = await writeMemory(memories);
      const update = {
        ...{ memoryId, memory: { title: "New" }, updateMask: { paths: ["title"] } },
        requestId: randomUUID(),
      };
      expect(await memories.updateMemory(update)).toEqual(await memories.updateMemory(update));
      const remove = { memoryId, requestId: randomUUID() };
      expect(await memories.deleteMemory(remove)).toEqual(await memories.deleteMemory(remove));
      expect(await revisionsOf(memoryId)).toHaveLength(3);
    });
  });

  describe("in a batch", () => {
    it("sees the items before it, under one delta", async () => {
      const memory = note("First.");
      const writes = [
        { memory },
        { memory: { ...memory, content: "Second." } },
        { memory: { ...memory, content: "Second." } },
      ];
      const { results, deltaId } = await memories.batchWriteMemories({ writes });
      expect(results.map((one) => one.outcome)).toEqual([Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED]);
      expect(results.map((one) => one.revision)).toEqual([1, 2, 2]);
      const revisions = await revisionsOf(results[0]!.memoryId);
      expect(revisions.map((one) => [one.revision, one.deltaId])).toEqual([
        [2, deltaId],
        [1, deltaId],
      ]);
    });

    it("is all or nothing, and names the item and its field", async () => {
      const live = note();
      await memories.writeMemory({ memory: live });
      const subjectId = randomUUID();
      const good = { memory: { ...note(), subjectId } };
      const empty = { memory: { ...note(), subjectId, content: " " } };
      expect(await failureOf(memories.batchWriteMemories({ writes: [good, empty] }))).toMatchObject({
        code: "INVALID_ARGUMENT",
        metadata: { field: "writes[1].memory.content" },
      });
      const taken = { memory: live, mode: WriteMode.CREATE_ONLY };
      expect(await failureOf(memories.batchWriteMemories({ writes: [good, taken] }))).toMatchObject({
        code: "ALREADY_EXISTS",
        metadata: { item: "1" },
      });
      expect((await memories.listMemories({ filter: { subjectId } })).memories).toEqual([]);
    });

    it("gives each item its own result where it is not atomic", async () => {
      const live = note();
      await memories.writeMemory({ memory: live });
      const writes = [
        { memory: note() },
        { memory: { ...note(), content: " " } },
        { memory: live, mode: WriteMode.CREATE_ONLY },
        { memory: note() },
      ];
      const { results } = await memories.batchWriteMemories({ writes, atomic: false });
      expect(results).toMatchObject([
        { outcome: Outcome.CREATED, revision: 1 },
        { memoryId: "", error: { code: 3, reason: "INVALID_FIELD", field: "memory.content" } },
        { memoryId: "", error: { code: 6, reason: "MEMORY_ALREADY_EXISTS" } },
        { outcome: Outcome.CREATED, revision: 1 },
      ]);
      await memories.getMemory({ memoryId: results[3]!.memoryId });
    });

    const invalid: readonly [string, MessageInitShape<typeof WriteMemoryRequestSchema>][] = [
      ["no memory", {}],
      ["a title too long", { memory: { ...note(), title: "x".repeat(501) } }],
      ["the same tag twice", { memory: { ...note(), tags: ["a", "a"] } }],
      ["an entity without a type", { memory: { ...note(), linkedEntities: [{ id: "1" }] } }],
      ["a confidence above 1", { memory: { ...note(), confidence: 1.5 } }],
      ["an id that is none", { memory: { ...note(), agentId: "x" } }],
      ["a mode that is none", { memory: note(), mode: 9 as WriteMode }],
      ["a revision below 1", { memory: note(), expectedRevision: 0 }],
      ["a NUL character", { memory: { ...note(), metadata: { a: "\0" } } }],
      ["an instant beyond all years", { memory: { ...note(), expireTime: { seconds: 2n ** 40n } } }],
      ["metadata too deep", { memory: { ...note(), metadata: JSON.parse(`${'{"a":'.repeat(17)}1${"}".repeat(17)}`) } }],
    ];

    it("that is not atomic, lets an item fail alone that breaks a rule of the contract, with the error that it has alone", async () => {
      const alone = await Promise.all(invalid.map(([, item]) => failureOf(memories.writeMemory(item))));
      const writes = [{ memory: note() }, ...invalid.map(([, item]) => item), { memory: note(), requestId: "mine" }];
      const request = { writes, atomic: false, requestId: randomUUID() };
      const first = await memories.batchWriteMemories(request);
      const errors = first.results.map((one) => one.error);
      expect(errors[0]).toBeUndefined();
      expect(errors.slice(1, -1).map((one) => [one?.code, one?.reason, one?.message, one?.field])).toEqual(
        alone.map(({ reason, message, metadata }) => [3, reason, message, metadata.field]),
      );
      expect(errors.at(-1)).toMatchObject({ reason: "INVALID_FIELD", field: "request_id" });
      expect(await memories.batchWriteMemories(request)).toEqual(first);
      const wire = clientOf(MemoryService, app, workspace, "gRPC-Web over HTTP/1.1");
      expect((await wire.batchWriteMemories(request)).results).toEqual(first.results);
    });

    it("that is not atomic, lets an item fail alone over REST too, and a batch that breaks a rule as a whole", async () => {
      const batch = (writes: unknown[]) =>
        rest(app, workspace, "POST /api/v1/memories:batchWrite", { writes, atomic: false });
      const { status, json } = await batch([{ memory: { ...note(), confidence: 2 } }, { memory: note() }]);
      expect(status).toBe(200);
      expect(json.results).toMatchObject([
        { error: { code: 3, reason: "INVALID_FIELD", field: "memory.confidence" } },
        { outcome: "OUTCOME_CREATED" },
      ]);
      expect((await batch([])).status).toBe(400);
      expect((await batch(new Array(101).fill({ memory: note() }))).status).toBe(400);
    });

    it("replays under its request_id, and refuses one on an item", async () => {
      const request = { writes: [{ memory: note() }, { memory: note() }], requestId: randomUUID() };
      const first = await memories.batchWriteMemories(request);
      expect(await memories.batchWriteMemories(request)).toEqual(first);
      const writes = [{ memory: note(), requestId: "mine" }];
      expect(await failureOf(memories.batchWriteMemories({ writes }))).toMatchObject({
        metadata: { field: "writes[0].request_id" },
      });
    });
  });

  it("leaves a revision with its state and its author, newest first", async () => {
    const { id: memoryId } = await writeMemory(memories, {
      ...note("One."),
      expireTime: timestampFromMs(Date.now() + 60_000),
    });
    await memories.updateMemory({ memoryId, memory: { content: "Two." }, updateMask: { paths: ["content"] } });
    await memories.deleteMemory({ memoryId });
    await memories.restoreMemory({ memoryId });
    const revisions = await revisionsOf(memoryId);
    expect(revisions.map((one) => [one.revision, one.change, one.memory?.content])).toEqual([
      [4, Change.RESTORED, "Two."],
      [3, Change.DELETED, "Two."],
      [2, Change.UPDATED, "Two."],
      [1, Change.CREATED, "One."],
    ]);
    expect(new Set(revisions.map((one) => one.deltaId)).size).toBe(4);
    expect(revisions.every((one) => one.api === "native" && one.keyId !== "")).toBe(true);
  });

  it("restores what is deleted or expired, and nothing else", async () => {
    const { id: memoryId } = await writeMemory(memories, { expireTime: timestampFromMs(Date.now() + 60_000) });
    const live = await memories.restoreMemory({ memoryId });
    expect(live.memory).toMatchObject({ revision: 1, expireTime: expect.anything() });
    const past = { expireTime: timestampFromMs(1) };
    await memories.updateMemory({ memoryId, memory: past, updateMask: { paths: ["expire_time"] } });
    expect(await failureOf(memories.getMemory({ memoryId }))).toMatchObject({ code: "NOT_FOUND" });
    expect((await memories.restoreMemory({ memoryId })).memory?.expireTime).toBeUndefined();
    expect((await memories.getMemory({ memoryId })).memory?.revision).toBe(3);
  });

  it("purges for good, and leaves nothing to restore", async () => {
    const { id: memoryId } = await writeMemory(memories, note("Erase me."));
    await memories.deleteMemory({ memoryId });
    expect(await memories.purgeMemory({ memoryId })).toMatchObject({ memoryId });
    for (const call of [() => memories.restoreMemory({ memoryId }), () => memories.purgeMemory({ memoryId })]) {
      expect(await failureOf(call())).toMatchObject({ code: "NOT_FOUND", reason: "MEMORY_NOT_FOUND" });
    }
    const shown = memories.getMemory({ memoryId, showDeleted: true, showExpired: true });
    expect(await failureOf(shown)).toMatchObject({ code: "NOT_FOUND" });
  });

  it("compares expected_revision, and changes nothing where it differs", async () => {
    const { id: memoryId, key } = await writeMemory(memories, note());
    const memory = { ...note("Other."), key: key! };
    const stale = [
      () => memories.writeMemory({ memory, expectedRevision: 2 }),
      () => memories.updateMemory({ memoryId, memory, updateMask: { paths: ["content"] }, expectedRevision: 2 }),
      () => memories.deleteMemory({ memoryId, expectedRevision: 2 }),
      () => memories.purgeMemory({ memoryId, expectedRevision: 2 }),
    ];
    for (const call of stale) {
      expect(await failureOf(call())).toMatchObject({
        code: "ABORTED",
        reason: "REVISION_MISMATCH",
        metadata: { revision: "1" },
      });
    }
    expect(await failureOf(memories.writeMemory({ memory: note(), expectedRevision: 1 }))).toMatchObject({
      code: "ABORTED",
    });
    expect((await memories.writeMemory({ memory, expectedRevision: 1 })).memory?.revision).toBe(2);
  });

  it("keeps to its mode", async () => {
    const memory = note();
    const only = (mode: WriteMode, content = "A note.") =>
      memories.writeMemory({ memory: { ...memory, content }, mode });
    expect(await failureOf(only(WriteMode.UPDATE_ONLY))).toMatchObject({ code: "NOT_FOUND" });
    const { memory: made } = await only(WriteMode.CREATE_ONLY);
    expect(await failureOf(only(WriteMode.CREATE_ONLY))).toMatchObject({
      code: "ALREADY_EXISTS",
      metadata: { memory_id: made!.id },
    });
    expect((await only(WriteMode.UPDATE_ONLY, "Changed.")).outcome).toBe(Outcome.UPDATED);
    await memories.deleteMemory({ memoryId: made!.id });
    expect(await failureOf(only(WriteMode.UPDATE_ONLY))).toMatchObject({ code: "NOT_FOUND" });
    expect((await only(WriteMode.CREATE_ONLY)).outcome).toBe(Outcome.REVIVED);
  });

  it("never meets a conflict, however many race for one key", async () => {
    const memory = note();
    const write = (content: string) => memories.writeMemory({ memory: { ...memory, content } });
    const written = await Promise.all(Array.from({ length: 64 }, (_, index) => write(`Take ${index}.`)));
    expect(new Set(written.map((one) => one.memory?.id)).size).toBe(1);
    const numbers = written.map((one) => one.memory!.revision).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 64 }, (_, index) => index + 1));
  });
});
