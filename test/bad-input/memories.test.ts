import { fromJson, type JsonValue } from "@bufbuild/protobuf";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type WriteMemoryRequest, WriteMemoryRequestSchema } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import { failureOf, restFailure } from "../app/call-failure.ts";
import { describeOnEngines } from "../app/engines.ts";
import { rest } from "../app/rest.ts";
import type { ServedApp } from "../app/served-app.ts";
import { shareApp } from "../app/shared-app.ts";
import { makeWorkspace, memoriesOf, type Workspace, writeMemory } from "../app/tenants.ts";
import { type BadMemory, badMemories } from "./bad-memories.ts";
import { allMemories, expectStillStanding } from "./still-standing.ts";

const good = { subject_type: "contact", kind: "note", content: "Something worth keeping." };

const LONE_SURROGATE: BadMemory = { name: "a lone surrogate", fields: { content: "a\ud800b" }, field: "content" };

describeOnEngines("a bad memory", (engine) => {
  let app: ServedApp;
  let workspace: Workspace;
  let kept: Awaited<ReturnType<typeof allMemories>>;

  beforeAll(async () => {
    app = await shareApp(engine);
    workspace = await makeWorkspace(app);
    await writeMemory(memoriesOf(app, workspace), { key: "kept", content: "As it was." });
    kept = await allMemories(app, workspace);
  });

  afterEach(async () => {
    expect(await allMemories(app, workspace)).toEqual(kept);
  });

  afterAll(async () => {
    await expectStillStanding(app, workspace);
    await app.close();
  });

  describe.each([...badMemories, LONE_SURROGATE])("with $name", (bad) => {
    it("is refused by POST /api/v1/memories, which names the field", async () => {
      const answer = await rest(app, workspace, "POST /api/v1/memories", { ...good, ...bad.fields });
      expect(answer.status).toBe(400);
      const failure = restFailure(answer);
      expect(failure).toMatchObject({ code: "INVALID_ARGUMENT", metadata: { field: bad.field } });
      expect(failure.message).toMatch(new RegExp(`^${escaped(bad.field)}: \\S`));
    });

    it.skipIf(bad.trustpager === null)(
      "is refused by POST /v1/memory, which names the field in its own terms",
      async () => {
        const { fields, field } = bad.trustpager ?? bad;
        const answer = await rest(app, workspace, "POST /v1/memory", { ...good, ...fields });
        expect(answer.status).toBe(400);
        expect(restFailure(answer)).toMatchObject({ code: "INVALID_ARGUMENT", metadata: { field } });
      },
    );

    it("is refused over Connect in JSON, which names the field", async () => {
      const body = { memory: { ...good, ...bad.fields } };
      const answer = await rest(app, workspace, "POST /cairn.v1.MemoryService/WriteMemory", body);
      expect(answer.status).toBe(400);
      expect(answer.json).toMatchObject({ code: "invalid_argument", details: [{ type: "google.rpc.ErrorInfo" }] });
      expect(answer.json.message).toMatch(new RegExp(`^memory\\.${escaped(bad.field)}: \\S`));
    });

    it.skipIf(bad === LONE_SURROGATE || grpcForm(bad) === undefined)(
      "is refused over gRPC, which names the field",
      async () => {
        const failure = await failureOf(memoriesOf(app, workspace).writeMemory(grpcForm(bad)!));
        expect(failure).toMatchObject({ code: "INVALID_ARGUMENT", metadata: { field: `memory.${bad.field}` } });
      },
    );

    it.skipIf("key" in bad.fields || "kind" in bad.fields)(
      "is refused as an item of a batch, which names item and field",
      async () => {
        const writes = [{ memory: good }, { memory: { ...good, ...bad.fields } }];
        const answer = await rest(app, workspace, "POST /api/v1/memories:batchWrite", { writes });
        expect(answer.status).toBe(400);
        expect(restFailure(answer).metadata.field).toBe(`writes[1].memory.${bad.field}`);
      },
    );
  });
});

describeOnEngines("a memory at its limits", (engine) => {
  let app: ServedApp;
  let workspace: Workspace;

  beforeAll(async () => {
    app = await shareApp(engine);
    workspace = await makeWorkspace(app);
  });

  afterAll(() => app.close());

  it.each<[string, Record<string, unknown>]>([
    ["50,000 characters beyond the basic plane", { content: "🪨".repeat(50_000) }],
    ["100 tags of 200 characters", { tags: Array.from({ length: 100 }, (_, i) => `${i}`.padStart(200, "t")) }],
    ["64 KiB of metadata", { metadata: { a: "x".repeat(65_536 - 8) } }],
    ["a text of every script", { content: "Ünïcödé 漢字 עברית 🪨\u200d\u{10ffff}" }],
  ])("is kept word for word: %s", async (_what, fields) => {
    const written = await rest(app, workspace, "POST /api/v1/memories", { ...good, ...fields });
    expect(written.status).toBe(201);
    const read = await rest(app, workspace, `GET /api/v1/memories/${written.json.memory.id}`);
    expect(read.json).toMatchObject(fields);
  });
});

/** Undefined where protobuf has no bytes for it. */
function grpcForm(bad: BadMemory): WriteMemoryRequest | undefined {
  const memory = Object.fromEntries(
    Object.entries({ ...good, ...bad.fields }).filter(([, value]) => value !== undefined),
  );
  try {
    return fromJson(WriteMemoryRequestSchema, { memory: memory as JsonValue });
  } catch {
    return undefined;
  }
}

function escaped(text: string): string {
  return text.replace(/[.[\]]/g, "\\$&");
}
