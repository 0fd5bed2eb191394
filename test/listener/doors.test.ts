import { Code, ConnectError } from "@connectrpc/connect";
import { Metadata, type ServiceError } from "@grpc/grpc-js";
import { afterEach, describe, expect, it } from "vitest";
import { ErrorInfoSchema } from "../../gen/server/google/rpc/error_details_pb.ts";
import { clientOf, connectTransports, GrpcJsClient, transportNames } from "./clients.ts";
import { type StubServer, startStub, stopStubs } from "./stub-server.ts";

afterEach(stopStubs);

const stub = {
  getMemory: (
    request: { memoryId: string },
    context: { requestHeader: Headers; responseHeader: Headers; responseTrailer: Headers },
  ) => {
    if (request.memoryId === "missing") {
      const info = { reason: "MEMORY_NOT_FOUND", domain: "cairn.v1", metadata: { memory_id: "missing" } };
      const metadata = { "x-call": "42" };
      throw new ConnectError("memory_id: no a/b, 100% ünïcode", Code.NotFound, metadata, [
        { desc: ErrorInfoSchema, value: info },
      ]);
    }
    context.responseHeader.set("x-seen", context.requestHeader.get("x-ask") ?? "nothing");
    context.responseTrailer.set("x-last", "words");
    return { memory: { id: request.memoryId } };
  },
};

describe.each([true, false])("one port, fast path %s", (fastPath) => {
  it.each(transportNames)("serves unary calls, streams, metadata and errors over %s", async (name) => {
    const server = await startStub(stub, { fastPath });
    const client = clientOf(connectTransports(server.url)[name]);
    const seen: Record<string, string | null> = {};
    const answer = await client.getMemory(
      { memoryId: "m-1" },
      {
        headers: { "x-ask": "this" },
        onHeader: (header) => {
          seen.header = header.get("x-seen");
        },
        onTrailer: (trailer) => {
          seen.trailer = trailer.get("x-last");
        },
      },
    );
    expect(answer.memory?.id).toBe("m-1");
    expect(seen).toEqual({ header: "this", trailer: "words" });
    const ranks: number[] = [];
    for await (const { part } of client.search({ query: "q" })) {
      ranks.push(part.case === "result" ? part.value.rank : -1);
    }
    expect(ranks).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const error = await client.getMemory({ memoryId: "missing" }).then(unexpected, ConnectError.from);
    expect([error.code, error.rawMessage]).toEqual([Code.NotFound, "memory_id: no a/b, 100% ünïcode"]);
    expect(error.findDetails(ErrorInfoSchema)).toMatchObject([
      { reason: "MEMORY_NOT_FOUND", metadata: { memory_id: "missing" } },
    ]);
    expect(error.metadata.get("x-call")).toBe("42");
    expect(server.complaints).toEqual([]);
  });

  it("serves @grpc/grpc-js: unary, stream, error with details", async () => {
    const server = await startStub(stub, { fastPath });
    const client = new GrpcJsClient(server.port);
    const answer = await client.get({ memoryId: "m-2" }, new Metadata());
    expect(answer.memory?.id).toBe("m-2");
    const ranks: number[] = [];
    for await (const { part } of client.search("q")) {
      ranks.push(part.value.rank);
    }
    expect(ranks).toHaveLength(10);
    const error: ServiceError = await client.get({ memoryId: "missing" }, new Metadata()).then(unexpected, (e) => e);
    expect([error.code, error.details]).toEqual([5, "memory_id: no a/b, 100% ünïcode"]);
    expect(error.metadata.get("grpc-status-details-bin")).toHaveLength(1);
    client.close();
  });

  it("answers UNIMPLEMENTED to an unknown gRPC method, as trailers alone", async () => {
    const server = await startStub(stub, { fastPath });
    const client = new GrpcJsClient(server.port);
    const error: ServiceError = await client
      .get({}, new Metadata(), {}, "/cairn.v1.MemoryService/Nope")
      .then(unexpected, (e) => e);
    expect([error.code, error.details]).toEqual([12, "no method /cairn.v1.MemoryService/Nope"]);
    client.close();
  });
});

describe("what is no RPC", () => {
  it("answers an unknown path 404 with the error body", async () => {
    const { url } = await startStub();
    const response = await fetch(`${url}/nowhere?x=1`);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      error: {
        code: "NOT_FOUND",
        message: "no route GET /nowhere",
        details: [
          {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            reason: "ROUTE_NOT_FOUND",
            domain: "cairn.v1",
            metadata: {},
          },
        ],
      },
    });
  });

  it("answers a wrong method on an RPC path 405 and names the right ones", async () => {
    const { url } = await startStub();
    const get = await fetch(`${url}/cairn.v1.MemoryService/GetMemory`, { method: "PUT" });
    expect([get.status, get.headers.get("allow")]).toEqual([405, "POST, GET"]);
    const write = await fetch(`${url}/cairn.v1.MemoryService/WriteMemory`);
    expect([write.status, write.headers.get("allow")]).toEqual([405, "POST"]);
    expect(await write.json()).toMatchObject({ error: { code: "UNIMPLEMENTED" } });
  });

  it("answers a content type that no protocol has 415, with a body that says so", async () => {
    const { url } = await startStub();
    const response = await fetch(`${url}/cairn.v1.MemoryService/GetMemory`, {
      method: "POST",
      body: "<a/>",
      headers: { "content-type": "text/xml" },
    });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({
      error: { code: "INVALID_ARGUMENT", message: expect.stringContaining("text/xml") },
    });
  });

  it("serves pages and probes to GET and HEAD alone", async () => {
    const pages = new Map([["/openapi.json", { contentType: "application/json", body: "{}" }]]);
    let ready = true;
    const { url } = await startStub({}, { pages, metrics: async () => "up 1\n", ready: async () => ready });
    const page = await fetch(`${url}/openapi.json`);
    expect([page.status, page.headers.get("content-type"), await page.text()]).toEqual([200, "application/json", "{}"]);
    const head = await fetch(`${url}/openapi.json`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const post = await fetch(`${url}/openapi.json`, { method: "POST" });
    expect([post.status, post.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    expect(await (await fetch(`${url}/metrics`)).text()).toBe("up 1\n");
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    ready = false;
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it("takes a readiness check that throws or hangs as not ready", async () => {
    let answer: () => Promise<boolean> = () => Promise.reject(new Error("no database"));
    const { url } = await startStub({}, { ready: () => answer() });
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    answer = () => new Promise(() => {});
    const began = Date.now();
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect(Date.now() - began).toBeLessThan(20_000);
  });

  it("hands the rest to REST, its body as sent, and to notFound what REST does not know", async () => {
    const rest: Parameters<typeof startStub>[1] = {
      rest: async (request) => {
        if (!request.url.includes("/api/")) {
          return null;
        }
        let body = "";
        for await (const chunk of request.body as AsyncIterable<Uint8Array>) {
          body += Buffer.from(chunk).toString();
        }
        const header = new Headers({ "content-type": "application/json" });
        header.append("set-cookie", "a=1");
        header.append("set-cookie", "b=2");
        const text = JSON.stringify({ method: request.method, url: new URL(request.url).pathname, body });
        return { status: 201, header, body: oneChunk(text) };
      },
      notFound: ({ path }) => ({
        status: 404,
        header: new Headers({ "content-type": "text/plain" }),
        body: oneChunk(`no ${path}`),
      }),
    };
    const { url }: StubServer = await startStub({}, rest);
    const response = await fetch(`${url}/api/v1/things?q=1`, { method: "PATCH", body: "hello" });
    expect(response.status).toBe(201);
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(await response.json()).toEqual({ method: "PATCH", url: "/api/v1/things", body: "hello" });
    const missing = await fetch(`${url}/other`);
    expect([missing.status, await missing.text()]).toEqual([404, "no /other"]);
  });
});

function unexpected(answer: unknown): never {
  throw new Error(`expected an error, got ${answer}`);
}

async function* oneChunk(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
