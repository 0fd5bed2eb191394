import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { doors, type InteropServer, serveInterop } from "./interop-server.ts";
import { type Ended, messagesOf, runTool } from "./tool.ts";

const wanted = process.env.CAIRN_TEST_REQUIRE_INTEROP === "1";
/** Its exit code is eight times the call's gRPC status. */
const STATUS = 8;
const protocols = ["connect", "grpc", "grpcweb"];

describe.skipIf(!wanted).each(doors)("buf curl over %s", (door) => {
  let server: InteropServer;
  const run = (flags: readonly string[], path = ""): Promise<Ended> => {
    const { url } = server.app;
    const security = door === "TLS" ? ["--cacert", server.cert] : [];
    return runTool("node_modules/.bin/buf", ["curl", ...security, ...flags, `${url}${path}`]);
  };
  const http2 = () => (door === "TLS" ? [] : ["--http2-prior-knowledge"]);
  const call = (protocol: string, method: string, message: object, key = server.app.rootKey) => {
    const flags = ["--protocol", protocol, "--schema", ".", ...(protocol === "grpc" ? http2() : [])];
    const sent = ["-H", `authorization: Bearer ${key}`, "-d", JSON.stringify(message)];
    return run([...flags, ...sent], `/cairn.v1.MemoryService/${method}`);
  };

  beforeAll(async () => {
    server = await serveInterop(door);
  });
  afterAll(() => server?.close());

  it("lists the methods by reflection, without a key", async () => {
    const { code, stdout } = await run([...http2(), "--protocol", "grpc", "--list-methods"]);
    expect(code).toBe(0);
    expect(stdout.split("\n")).toContain("cairn.v1.MemoryService/Search");
  });

  it.each(protocols)("writes and searches over %s", async (protocol) => {
    const kind = `note-${protocol}`;
    const memory = { kind, key: "berth", content: "Moors at the third berth of the harbour" };
    const written = await call(protocol, "WriteMemory", { memory });
    expect(written).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(written.stdout)).toMatchObject({ outcome: "OUTCOME_CREATED", memory });
    const search = await call(protocol, "Search", { query: "harbour", filter: { kinds: [kind] } });
    expect(search).toMatchObject({ code: 0, stderr: "" });
    expect(messagesOf(search.stdout)).toMatchObject([{ result: { rank: 1, memory } }, { summary: { count: 1 } }]);
  });

  it.each(protocols)("ends with eight times the status over %s, and carries the reason", async (protocol) => {
    const absent = await call(protocol, "GetMemory", { memory_id: randomUUID() });
    expect(absent.code).toBe(STATUS * 5);
    const { code, details } = JSON.parse(absent.stderr);
    expect(code).toBe("not_found");
    expect(details[0].type).toBe("google.rpc.ErrorInfo");
    expect(Buffer.from(details[0].value, "base64").toString()).toContain("MEMORY_NOT_FOUND");
    // Only Connect has a place for the same in words.
    if (protocol === "connect") expect(details[0].debug).toMatchObject({ reason: "MEMORY_NOT_FOUND" });
    const stranger = await call(protocol, "ListMemories", {}, "cairn_wrong");
    expect(stranger.code).toBe(STATUS * 16);
  });
});
