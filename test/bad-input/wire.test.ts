import { gzipSync } from "node:zlib";
import { create, toBinary } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { MemoryService, WriteMemoryRequestSchema } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import { restFailure } from "../app/call-failure.ts";
import { describeOnEngines } from "../app/engines.ts";
import { rest } from "../app/rest.ts";
import type { ServedApp } from "../app/served-app.ts";
import { shareApp } from "../app/shared-app.ts";
import { makeWorkspace, memoriesOf, type Workspace, writeMemory } from "../app/tenants.ts";
import { clientOf, type WireName, wires } from "../app/wires.ts";
import { rawExchange, rawGrpc } from "./raw-calls.ts";
import { allMemories, expectStillStanding } from "./still-standing.ts";

const WRITE = "/cairn.v1.MemoryService/WriteMemory";
const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const rests = ["POST /api/v1/memories", "POST /v1/memory"];

/** `{"kind":"note","content":"<0xff>"}`: 0xff stands nowhere in UTF-8. */
const invalidUtf8 = new Uint8Array(Buffer.from('{"kind":"note","subject_type":"a","content":"\u00ff"}', "latin1"));
const twentyMebibytes = `{"kind":"note","content":"${"x".repeat(20 * 1024 * 1024)}"}`;

describeOnEngines("bytes that are no request", (engine) => {
  let app: ServedApp;
  let workspace: Workspace;
  let kept: Awaited<ReturnType<typeof allMemories>>;

  beforeAll(async () => {
    app = await shareApp(engine);
    workspace = await makeWorkspace(app);
    await writeMemory(memoriesOf(app, workspace));
    kept = await allMemories(app, workspace);
  });

  afterEach(async () => {
    expect(await allMemories(app, workspace)).toEqual(kept);
  });

  afterAll(async () => {
    await expectStillStanding(app, workspace);
    await app.close();
  });

  describe.each(rests)("%s", (route) => {
    it.each<[string, string | Uint8Array<ArrayBuffer>, string]>([
      ["JSON that is cut short", '{"kind": "note", "content": ', "body"],
      ["no JSON at all", "kind=note&content=x", "body"],
      ["a list", "[]", "body"],
      ["null", "null", "body"],
      ["a key twice", '{"kind":"a","kind":"b","content":"x"}', "kind"],
      ["invalid UTF-8", invalidUtf8 as Uint8Array<ArrayBuffer>, "body"],
      ["brackets a million deep", "[".repeat(900_000), "body"],
    ])("refuses %s", async (_what, body, field) => {
      const answer = await rest(app, workspace, route, body);
      expect(answer.status).toBe(400);
      expect(restFailure(answer)).toMatchObject({
        code: "INVALID_ARGUMENT",
        reason: "MALFORMED_REQUEST",
        metadata: { field },
      });
    });

    it.each([
      ["a body over the limit", bytes(twentyMebibytes), {}],
      ["a body just over the limit", bytes(`{"content":"${"x".repeat(1_048_576)}"}`), {}],
      ["a gzip bomb", new Uint8Array(gzipSync(twentyMebibytes)), { "content-encoding": "gzip" }],
    ])("answers 413 to %s", async (_what, body, headers) => {
      const answer = await rest(app, workspace, route, body, headers);
      expect(answer.status).toBe(413);
      expect(restFailure(answer)).toMatchObject({ code: "RESOURCE_EXHAUSTED", reason: "REQUEST_TOO_LARGE" });
    });

    it("refuses gzip that is none, and takes gzip that is", async () => {
      const headers = { "content-encoding": "gzip" };
      const broken = await rest(app, workspace, route, bytes("not gzip"), headers);
      expect([broken.status, restFailure(broken).reason]).toEqual([400, "MALFORMED_REQUEST"]);
      const sound = await rest(app, workspace, route, new Uint8Array(gzipSync('{"kind": 5}')), headers);
      expect(restFailure(sound).metadata.field).toBe("kind");
    });

    it.each([
      ["another media type", { "content-type": "text/plain" }],
      ["another charset", { "content-type": "application/json; charset=latin1" }],
      ["another encoding", { "content-encoding": "br" }],
    ])("answers 415 to %s", async (_what, headers) => {
      const answer = await rest(app, workspace, route, "{}", headers);
      expect(answer.status).toBe(415);
      expect(restFailure(answer).reason).toBe("MALFORMED_REQUEST");
    });
  });

  it("refuses a path that is no percent-encoded UTF-8", async () => {
    for (const path of ["/api/v1/memories/%ff", "/v1/memory/%zz", "/api/v1/agents/%c0%80"]) {
      const answer = await rest(app, workspace, `GET ${path}`);
      expect(answer.status).toBe(400);
      expect(restFailure(answer).metadata.field).toBe("path");
    }
  });

  it.each(["bad host", "a/b", "[::1", "user@host", "host:port:port", "%zz"])(
    "answers 400 to the Host %s",
    async (host) => {
      const answer = await rawExchange(app.port, `GET /api/v1/memories HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    },
  );

  it.each([
    ["no HTTP", "\x16\x03\x01 hello?\r\n\r\n"],
    ["a request line without an end", "GET / HTTP/9.9\r\n\r\n"],
    ["two lengths", "POST /v1/memory HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}"],
    ["headers over the limit", `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(100_000)}\r\n\r\n`],
  ])("survives %s", async (_what, request) => {
    expect(await rawExchange(app.port, request)).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
  });

  describe("over Connect", () => {
    const connect = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
      rest(app, workspace, `POST ${WRITE}`, body, headers);

    it.each<[string, string | Uint8Array, Record<string, string>]>([
      ["JSON that is cut short", '{"memory": {', {}],
      ["invalid UTF-8", invalidUtf8, {}],
      ["bytes that are no protobuf", bytes("\xff\xff\xff\xff\xff"), { "content-type": "application/proto" }],
      ["a text that is no UTF-8", textOf([0xff, 0xfe]), { "content-type": "application/proto" }],
    ])("refuses %s", async (_what, body, headers) => {
      const answer = await connect(body, headers);
      expect(answer.status).toBe(400);
      expect(answer.json).toMatchObject({ code: "invalid_argument", message: expect.any(String) });
    });

    it.each<[string, Uint8Array, Record<string, string>]>([
      ["a body over the limit", bytes(twentyMebibytes), {}],
      ["a gzip bomb", gzipSync(twentyMebibytes), { "content-encoding": "gzip" }],
    ])("answers resource_exhausted to %s", async (_what, body, headers) => {
      const answer = await connect(body, headers);
      expect(answer.json).toMatchObject({ code: "resource_exhausted" });
    });
  });

  describe("over gRPC", () => {
    const grpc = (body: Uint8Array, options: object = {}) =>
      rawGrpc(app.url, WRITE, body, { ...workspace, ...options });

    it.each<[string, Uint8Array]>([
      ["bytes that are no protobuf", bytes("\xff\xff\xff\xff\xff")],
      ["a text that is no UTF-8", textOf([0xff, 0xfe])],
      ["a lone surrogate in UTF-8's clothes", textOf([0xed, 0xa0, 0x80])],
      ["a NUL character", textOf([0x61, 0x00])],
    ])("refuses %s", async (_what, body) => {
      expect(await grpc(body)).toMatchObject({ httpStatus: 200, status: Code.InvalidArgument });
    });

    const messageOf = (mebibytes: number) => {
      const content = "x".repeat(mebibytes * 1024 * 1024);
      return toBinary(
        WriteMemoryRequestSchema,
        create(WriteMemoryRequestSchema, { memory: { kind: "note", content } }),
      );
    };

    it("refuses a message over the limit, compressed or not", async () => {
      expect(await grpc(messageOf(1.5))).toMatchObject({ status: Code.ResourceExhausted });
      const bomb = await grpc(gzipSync(messageOf(20)), { flag: 1, headers: { "grpc-encoding": "gzip" } });
      expect(bomb).toMatchObject({ status: Code.ResourceExhausted });
    });

    it("does not take in what is far over the limit: it answers, or resets the stream", async () => {
      expect([Code.ResourceExhausted, null]).toContain((await grpc(messageOf(20))).status);
    });

    it.each(Object.keys(wires) as WireName[])("tells %s that its message is over the limit", async (wire) => {
      const memories = clientOf(MemoryService, app, workspace, wire);
      const memory = { kind: "note", content: "x".repeat(1.5 * 1024 * 1024) };
      await expect(memories.writeMemory({ memory })).rejects.toMatchObject({ code: Code.ResourceExhausted });
    });

    it("answers UNIMPLEMENTED to a method that is none", async () => {
      for (const path of ["/cairn.v1.MemoryService/Nothing", "/no.such.Service/Method", "/"]) {
        expect(await rawGrpc(app.url, path, new Uint8Array(), workspace)).toMatchObject({ status: Code.Unimplemented });
      }
    });

    it("refuses a deadline that is none", async () => {
      const { status } = await grpc(textOf([0x61]), { headers: { "grpc-timeout": "soon" } });
      expect(status).toBe(Code.InvalidArgument);
    });
  });
});

/** A WriteMemoryRequest whose `memory.kind` is these bytes. */
function textOf(text: readonly number[]): Uint8Array {
  const memory = [(5 << 3) | 2, text.length, ...text, (8 << 3) | 2, 1, 0x78];
  return new Uint8Array([(1 << 3) | 2, memory.length, ...memory]);
}
