import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installGrpcurl } from "./grpcurl.ts";
import { doors, type InteropServer, serveInterop } from "./interop-server.ts";
import { type Ended, messagesOf, runTool } from "./tool.ts";

// `npm run test:interop` asks for it; `npm test` has to pass on a machine without Go.
const wanted = process.env.CAIRN_TEST_REQUIRE_INTEROP === "1";
const STATUS = 64;
const notes = [1, 2, 3].map((n) => ({ kind: "note", key: `note-${n}`, content: `Note ${n} about the harbour` }));

describe.skipIf(!wanted).each(doors)("grpcurl over %s, which knows the server by reflection alone", (door) => {
  let grpcurl: string;
  let server: InteropServer;
  const run = (call: readonly string[], options: readonly string[] = []): Promise<Ended> => {
    const security = door === "TLS" ? ["-cacert", server.cert] : ["-plaintext"];
    return runTool(grpcurl, [...security, ...options, `127.0.0.1:${server.app.port}`, ...call]);
  };
  const call = (
    method: string,
    message: object,
    headers: Readonly<Record<string, string>> = {},
    flags: string[] = [],
  ) => {
    const all = { authorization: `Bearer ${server.app.rootKey}`, ...headers };
    const shown = Object.entries(all).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
    return run([`cairn.v1.${method}`], [...shown, ...flags, "-d", JSON.stringify(message)]);
  };

  beforeAll(async () => {
    grpcurl = await installGrpcurl();
    server = await serveInterop(door);
  }, 600_000);

  afterAll(async () => {
    await server?.close();
  });

  it("lists the services and their methods without a key", async () => {
    const services = await run(["list"]);
    expect(services).toMatchObject({ code: 0, stderr: "" });
    expect(services.stdout.split("\n")).toEqual(
      expect.arrayContaining(["cairn.v1.MemoryService", "grpc.health.v1.Health"]),
    );
    const methods = await run(["list", "cairn.v1.MemoryService"]);
    expect(methods.stdout).toContain("cairn.v1.MemoryService.Search\n");
  });

  it("describes a method and a message", async () => {
    const method = await run(["describe", "cairn.v1.MemoryService.Search"]);
    expect(method.code).toBe(0);
    expect(method.stdout).toContain(
      "rpc Search ( .cairn.v1.SearchRequest ) returns ( stream .cairn.v1.SearchResponse )",
    );
    const message = await run(["describe", "cairn.v1.LinkedEntity"]);
    expect(message.stdout).toMatch(/message LinkedEntity \{.*string type = 1/s);
  });

  it("writes a memory and reads it back", async () => {
    const memory = {
      kind: "preference",
      key: "drink",
      content: "Prefers green tea",
      tags: ["food"],
      metadata: { cups: 2 },
    };
    const written = await call("MemoryService/WriteMemory", { memory });
    expect(written).toMatchObject({ code: 0, stderr: "" });
    const { outcome, memory: made } = JSON.parse(written.stdout);
    expect(outcome).toBe("OUTCOME_CREATED");
    const read = await call("MemoryService/GetMemory", { memory_id: made.id });
    expect(JSON.parse(read.stdout).memory).toMatchObject(memory);
  });

  it("streams a search in rank order, and its summary last", async () => {
    await call("MemoryService/BatchWriteMemories", { writes: notes.map((memory) => ({ memory })) });
    const search = await call("MemoryService/Search", { query: "harbour", filter: { kinds: ["note"] } });
    expect(search).toMatchObject({ code: 0, stderr: "" });
    const messages = messagesOf(search.stdout);
    expect(messages.map(({ result }) => result?.rank)).toEqual([1, 2, 3, undefined]);
    expect(messages.at(-1)?.summary).toMatchObject({ count: 3 });
  });

  it("shows a failure's reason in words, and ends with 64 and the status", async () => {
    const absent = await call("MemoryService/GetMemory", { memory_id: randomUUID() });
    expect(absent.code).toBe(STATUS + 5);
    expect(absent.stderr).toContain("Code: NotFound");
    expect(absent.stderr).toMatch(/google\.rpc\.ErrorInfo.*"domain":\s*"cairn\.v1".*"reason":\s*"MEMORY_NOT_FOUND"/s);
    const invalid = await call("MemoryService/GetMemory", { memory_id: "abc" });
    expect(invalid.code).toBe(STATUS + 3);
    expect(invalid.stderr).toMatch(/"field":\s*"memory_id".*"reason":\s*"INVALID_FIELD"/s);
    const stranger = await call("MemoryService/ListMemories", {}, { authorization: "Bearer cairn_wrong" });
    expect(stranger.code).toBe(STATUS + 16);
    expect(stranger.stderr).toMatch(/"reason":\s*"CREDENTIALS_INVALID"/);
  });

  it("keeps to its -max-time", async () => {
    const slow = { "x-request-id": `scenario.delay.20000.${randomUUID()}` };
    const began = performance.now();
    const late = await call("MemoryService/ListMemories", {}, slow, ["-max-time", "5"]);
    expect(late.code).toBe(STATUS + 4);
    expect(performance.now() - began).toBeLessThan(18_000);
  });
});
