import { connect as connectHttp2 } from "node:http2";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { Code, ConnectError } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { Metadata, type ServiceError } from "@grpc/grpc-js";
import { afterEach, describe, expect, it } from "vitest";
import { RetryInfoSchema } from "../../gen/server/google/rpc/error_details_pb.ts";
import { clientOf, GrpcJsClient } from "./clients.ts";
import { RawSocket } from "./raw-socket.ts";
import { startStub, stopStubs } from "./stub-server.ts";

afterEach(stopStubs);

const PATH = "/cairn.v1.MemoryService/GetMemory";
const SEARCH = "/cairn.v1.MemoryService/Search";

/** One call with bytes of the test's own; answers status, headers with trailers, and body. */
async function send(url: string, path: string, contentType: string, body: Uint8Array, headers = {}) {
  const session = connectHttp2(url);
  const stream = session.request({ ":method": "POST", ":path": path, "content-type": contentType, ...headers });
  stream.end(body);
  const chunks: Buffer[] = [];
  let head: Record<string, unknown> = {};
  stream.on("response", (received) => {
    head = { ...head, ...received };
  });
  stream.on("trailers", (received) => {
    head = { ...head, ...received };
  });
  for await (const chunk of stream) {
    chunks.push(chunk);
  }
  session.close();
  return { head, text: Buffer.concat(chunks).toString("latin1") };
}

function enveloped(message: Uint8Array, flags = 0): Buffer {
  const head = Buffer.alloc(5);
  head[0] = flags;
  head.writeUInt32BE(message.byteLength, 1);
  return Buffer.concat([head, message]);
}

const badProto = Buffer.from([0x0a, 0xff, 0xff]);
const badUtf8 = Buffer.from([0x0a, 0x02, 0xc3, 0x28]);

describe("a malformed Host header", () => {
  it.each(["[::", "a b", "x:99999", "", "u@h", "h/p"])("%j answers 400 and the server lives", async (host) => {
    for (const fastPath of [true, false]) {
      const { port, url } = await startStub({}, { fastPath });
      const raw = await RawSocket.open(port);
      raw.socket.write(
        `POST ${PATH} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`,
      );
      expect(await raw.read(/\r\n\r\n/)).toMatch("HTTP/1.1 400");
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
    }
  });

  it("is 400 as an :authority too", async () => {
    const { url } = await startStub();
    const { head } = await send(url, PATH, "application/json", Buffer.from("{}"), { ":authority": "x:99999" });
    expect(head[":status"]).toBe(400);
  });

  it("may be absent in HTTP/1.0 and must not in HTTP/1.1", async () => {
    const { port } = await startStub();
    const old = await RawSocket.open(port);
    old.socket.write(`POST ${PATH} HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`);
    expect(await old.read(/\r\n\r\n/)).toMatch("200 OK");
    const modern = await RawSocket.open(port);
    modern.socket.write(`POST ${PATH} HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`);
    expect(await modern.read(/\r\n\r\n/)).toMatch("400 Bad Request");
  });
});

describe.each([true, false])("a message that cannot be decoded, fast path %s", (fastPath) => {
  it.each<[string, Buffer]>([
    ["broken JSON", Buffer.from("{")],
    ["JSON of another type", Buffer.from('{"memoryId":7}')],
    ["invalid UTF-8", Buffer.from([0x22, 0xc3, 0x28, 0x22])],
    ["nothing at all", Buffer.alloc(0)],
  ])("is INVALID_ARGUMENT over Connect: %s", async (_what, body) => {
    const { url } = await startStub({}, { fastPath });
    const { head, text } = await send(url, PATH, "application/json", body);
    expect(head[":status"]).toBe(400);
    expect(JSON.parse(text).code).toBe("invalid_argument");
  });

  it.each([
    ["truncated Protobuf", badProto],
    ["Protobuf with invalid UTF-8", badUtf8],
  ])("is INVALID_ARGUMENT over gRPC streams, unary gRPC and gRPC-Web: %s", async (_what, bytes) => {
    const { url } = await startStub({}, { fastPath });
    const stream = await send(url, SEARCH, "application/grpc+proto", enveloped(bytes));
    expect(stream.head["grpc-status"]).toBe("3");
    if (fastPath) {
      const unary = await send(url, PATH, "application/grpc", enveloped(bytes));
      expect(unary.head["grpc-status"]).toBe("3");
      const web = await send(url, PATH, "application/grpc-web+proto", enveloped(bytes));
      expect(web.text).toMatch(/grpc-status: 3/);
    }
  });

  it.each([
    ["?encoding=json&message={", 400],
    ["?encoding=json&message=%7B%22memoryId%22:7%7D", 400],
    ["?encoding=proto&base64=1&message=!!", fastPath ? 400 : 500],
    ["?encoding=proto&base64=1&message=Cv__", fastPath ? 400 : 500],
    ["?encoding=proto&base64=1&compression=gzip&message=AAAA", 400],
    ["?encoding=json&compression=zstd&message=%7B%7D", 501],
    ["?encoding=text&message=%7B%7D", 415],
    ["?encoding=json&message=%7B%7D", 200],
  ])("in the query of a GET is refused: %s", async (query, status) => {
    const { url } = await startStub({}, { fastPath });
    expect((await fetch(url + PATH + query)).status).toBe(status);
  });

  it.each([
    ["no message", Buffer.alloc(0), "12"],
    ["two messages", Buffer.concat([enveloped(Buffer.alloc(0)), enveloped(Buffer.alloc(0))]), "12"],
    ["half an envelope", Buffer.from([0, 0, 0]), "3"],
    ["half a message", Buffer.from([0, 0, 0, 0, 9, 1]), "3"],
  ])("%s in a unary gRPC call is refused as the specification says", async (_what, body, status) => {
    const { url } = await startStub({}, { fastPath });
    expect((await send(url, PATH, "application/grpc", body)).head["grpc-status"]).toBe(status);
  });

  it("in an encoding that nobody knows is UNIMPLEMENTED and names those that are known", async () => {
    const { url } = await startStub({}, { fastPath });
    const { head } = await send(url, PATH, "application/grpc", enveloped(Buffer.from("x"), 1), {
      "grpc-encoding": "zstd",
    });
    expect(head["grpc-status"]).toBe("12");
    expect(head["grpc-message"]).toMatch("gzip,br");
  });
});

it("answers an error whose message has half a surrogate pair, and lives", async () => {
  const { url, complaints } = await startStub({
    getMemory: () => {
      throw new ConnectError("no \ud800 here", Code.InvalidArgument);
    },
  });
  const { head } = await send(url, PATH, "application/grpc", enveloped(Buffer.alloc(0)));
  expect([head["grpc-status"], head["grpc-message"]]).toEqual(["3", "no %EF%BF%BD here"]);
  expect(complaints).toEqual([]);
});

it("answers INTERNAL where an error's details cannot be written, and logs it", async () => {
  const { url, complaints } = await startStub({
    getMemory: () => {
      const value = { retryDelay: { seconds: 2n ** 70n } };
      throw new ConnectError("bad", Code.NotFound, undefined, [{ desc: RetryInfoSchema, value }]);
    },
  });
  const { head } = await send(url, PATH, "application/grpc", enveloped(Buffer.alloc(0)));
  expect(head["grpc-status"]).toBe("13");
  expect(complaints).toHaveLength(1);
});

describe.each([true, false])("a message over the limit, fast path %s", (fastPath) => {
  const limits = { readMaxBytes: 10_000, readMaxBytesOf: { "cairn.v1.MemoryService/BatchWriteMemories": 50_000 } };
  const batchWriteMemories = () => ({ deltaId: "d" });

  it("is RESOURCE_EXHAUSTED over every protocol, and the connection goes on", async () => {
    const { url, port } = await startStub({}, { fastPath, limits });
    const http1 = { baseUrl: url, httpVersion: "1.1" } as const;
    for (const transport of [
      createGrpcTransport({ baseUrl: url }),
      createConnectTransport({ baseUrl: url, httpVersion: "2" }),
      createConnectTransport(http1),
      createGrpcWebTransport(http1),
    ]) {
      const client = clientOf(transport);
      for (const memoryId of ["x".repeat(10_001), "x".repeat(900_000)]) {
        const error = await client.getMemory({ memoryId }).then(unexpected, ConnectError.from);
        expect(error.code).toBe(Code.ResourceExhausted);
        expect((await client.getMemory({ memoryId: "next" })).memory?.id).toBe("next");
      }
    }
    const grpcJs = new GrpcJsClient(port);
    const error: ServiceError = await grpcJs
      .get({ memoryId: "x".repeat(2_000_000) }, new Metadata())
      .then(unexpected, (e) => e);
    expect(error.code).toBe(8);
    grpcJs.close();
  });

  it("is told by the byte: the limit passes, one more does not", async () => {
    const { url } = await startStub({}, { fastPath, limits });
    const client = clientOf(createGrpcTransport({ baseUrl: url }));
    // Tag and length of the field are three bytes.
    expect((await client.getMemory({ memoryId: "x".repeat(9_997) })).memory?.id).toHaveLength(9_997);
    await expect(client.getMemory({ memoryId: "x".repeat(9_998) })).rejects.toThrow(/limit|readMaxBytes/);
  });

  it("may be larger where the method's own limit is", async () => {
    const { url } = await startStub({ batchWriteMemories }, { fastPath, limits });
    const client = clientOf(createGrpcTransport({ baseUrl: url }));
    expect((await client.batchWriteMemories({ requestId: "x".repeat(40_000) })).deltaId).toBe("d");
    const error = await client
      .batchWriteMemories({ requestId: "x".repeat(50_000) })
      .then(unexpected, ConnectError.from);
    expect(error.code).toBe(Code.ResourceExhausted);
  });

  it.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
  ])("counts decompressed: a %s bomb is refused for what it would become", async (encoding, compress) => {
    const { url } = await startStub({}, { fastPath });
    const bomb = compress(Buffer.alloc(64 << 20, 0x20));
    const before = process.memoryUsage().arrayBuffers;
    const connect = await send(url, PATH, "application/json", bomb, { "content-encoding": encoding });
    expect([connect.head[":status"], JSON.parse(connect.text).code]).toEqual([429, "resource_exhausted"]);
    const grpc = await send(url, PATH, "application/grpc", enveloped(bomb, 1), { "grpc-encoding": encoding });
    expect(grpc.head["grpc-status"]).toBe("8");
    const stream = await send(url, SEARCH, "application/grpc", enveloped(bomb, 1), { "grpc-encoding": encoding });
    expect(stream.head["grpc-status"]).toBe("8");
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40 << 20);
  });

  it("is 413 over REST", async () => {
    const rest = async (request: { body: unknown }) => {
      for await (const _chunk of request.body as AsyncIterable<Uint8Array>);
      return { status: 200 };
    };
    const { url } = await startStub({}, { rest, fastPath, limits });
    expect((await fetch(`${url}/api`, { method: "POST", body: "x".repeat(50_000) })).status).toBe(200);
    const response = await fetch(`${url}/api`, { method: "POST", body: "x".repeat(50_001) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({
      error: { code: "RESOURCE_EXHAUSTED", details: [{ reason: "REQUEST_TOO_LARGE" }] },
    });
  });
});

it.each([
  [
    "a header over its limit",
    `GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ${"a".repeat(20_000)}\r\n\r\n`,
    431,
    "REQUEST_TOO_LARGE",
  ],
  ["a URL over its limit", `GET /healthz?${"a".repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431, "REQUEST_TOO_LARGE"],
  ["a malformed request line", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400, "MALFORMED_REQUEST"],
])("refuses %s with an error body, and lives", async (_what, bytes, status, reason) => {
  const { port, url } = await startStub();
  const raw = await RawSocket.open(port);
  raw.socket.write(bytes);
  await raw.closed();
  const [head, body] = raw.text.split("\r\n\r\n");
  expect(head).toMatch(`HTTP/1.1 ${status} `);
  expect(head).toMatch("Content-Type: application/json");
  expect(JSON.parse(body ?? "")).toMatchObject({ error: { details: [{ reason }] } });
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

function unexpected(answer: unknown): never {
  throw new Error(`expected an error, got ${answer}`);
}
