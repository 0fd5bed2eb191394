import { connect as connectHttp2 } from "node:http2";
import { Code, ConnectError, type HandlerContext } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { Metadata, type ServiceError } from "@grpc/grpc-js";
import { afterEach, describe, expect, it } from "vitest";
import { ErrorInfoSchema } from "../../gen/server/google/rpc/error_details_pb.ts";
import { clientOf, connectTransports, GrpcJsClient, type TransportName } from "./clients.ts";
import { RawSocket, until } from "./raw-socket.ts";
import { hit, startStub, stopStubs } from "./stub-server.ts";

afterEach(stopStubs);

const NEVER = new Promise<never>(() => {});
const WIRES: TransportName[] = ["gRPC", "gRPC-Web, HTTP/1.1", "Connect, JSON, HTTP/1.1", "Connect, Protobuf, HTTP/2"];

/** Waits for its signal and ends as Node's own APIs do: with an AbortError that says nothing of why. */
function untilAborted({ signal }: HandlerContext): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new DOMException("This operation was aborted", "AbortError")));
  });
}

describe.each([true, false])("deadlines, fast path %s", (fastPath) => {
  it.each(WIRES)("that a caller does not name are the server's: %s", async (wire) => {
    const { url } = await startStub(
      {
        getMemory: (_request, context) => untilAborted(context),
        async *search(_request, context) {
          yield hit(1);
          await untilAborted(context);
        },
      },
      { fastPath, limits: { unaryDeadlineMs: 200, streamDeadlineMs: 1_000 } },
    );
    const client = clientOf(connectTransports(url)[wire]);
    const unary = await client.getMemory({}).then(unexpected, ConnectError.from);
    expect([unary.code, unary.findDetails(ErrorInfoSchema)[0]?.reason]).toEqual([
      Code.DeadlineExceeded,
      "DEADLINE_EXCEEDED",
    ]);
    const stream = await collect(client.search({ query: "q" }));
    expect([stream.count, stream.error?.code]).toEqual([1, Code.DeadlineExceeded]);
  });

  it.each(WIRES)("end calls whose implementation pays no attention: %s", async (wire) => {
    const { url } = await startStub(
      { getMemory: () => NEVER, search: () => ({ [Symbol.asyncIterator]: () => ({ next: () => NEVER }) }) },
      { fastPath, limits: { unaryDeadlineMs: 150, streamDeadlineMs: 150 } },
    );
    const client = clientOf(connectTransports(url)[wire]);
    const unary = await client.getMemory({}).then(unexpected, ConnectError.from);
    expect(unary.code).toBe(Code.DeadlineExceeded);
    expect((await collect(client.search({ query: "q" }))).error?.code).toBe(Code.DeadlineExceeded);
  });

  it("of the caller reach the implementation, over gRPC and Connect", async () => {
    const reasons: unknown[] = [];
    const { url } = await startStub(
      {
        getMemory: async (_request, context) => {
          await untilAborted(context).catch(() => reasons.push(context.signal.reason));
          return NEVER;
        },
      },
      { fastPath },
    );
    for (const [path, headers] of [
      ["application/grpc", { "grpc-timeout": "400m" }],
      ["application/json", { "connect-timeout-ms": "400" }],
    ] as const) {
      const began = Date.now();
      const { status, grpcStatus } = await rawCall(url, path, headers);
      expect(path === "application/json" ? status : grpcStatus).toBe(path === "application/json" ? 504 : "4");
      expect(Date.now() - began).toBeGreaterThanOrEqual(395);
      // The server's own deadline is half a minute away.
      expect(Date.now() - began).toBeLessThan(15_000);
    }
    expect(reasons.map((reason) => ConnectError.from(reason).code)).toEqual([4, 4]);
  });

  it("far beyond a timer's range do not fire at once", async () => {
    const { url } = await startStub(
      { getMemory: () => new Promise((resolve) => setTimeout(() => resolve({ memory: { id: "late" } }), 50)) },
      { fastPath },
    );
    expect((await rawCall(url, "application/grpc", { "grpc-timeout": "99999999H" })).grpcStatus).toBe("0");
    expect((await rawCall(url, "application/json", { "connect-timeout-ms": "9999999999" })).status).toBe(200);
  });

  it("of the server hold whatever the caller names, in its own header or in another protocol's", async () => {
    const { url } = await startStub(
      { getMemory: () => NEVER, search: () => ({ [Symbol.asyncIterator]: () => ({ next: () => NEVER }) }) },
      { fastPath, limits: { unaryDeadlineMs: 100, streamDeadlineMs: 100 } },
    );
    const headers = [
      { "connect-timeout-ms": "600000" },
      { "connect-timeout-ms": "9999999999", "grpc-timeout": "99999999H" },
      { "grpc-timeout": "10M" },
      { "connect-timeout-ms": "soon" },
      { "connect-timeout-ms": "-1" },
      { "connect-timeout-ms": "0" },
      { "grpc-timeout": "0n" },
      { "grpc-timeout": "-1S" },
      { "grpc-timeout": "1S, 2S" },
    ];
    const outcomes = (path: string, type: string) =>
      Promise.all(headers.map((header) => rawCall(url, type, header, path).then(({ grpcStatus }) => grpcStatus)));
    // DEADLINE_EXCEEDED at the server's own; INVALID_ARGUMENT where the header of the call's own protocol is malformed.
    const ended = ["4", "4", "4", "4", "4", "4", "4", "3", "3"];
    expect(await outcomes("/cairn.v1.MemoryService/GetMemory", "application/grpc")).toEqual(ended);
    expect(await outcomes("/cairn.v1.MemoryService/Search", "application/grpc")).toEqual(ended);
    expect(await outcomes("/grpc.health.v1.Health/Watch", "application/grpc")).toEqual(ended);
    const statuses = headers.map((header) => rawCall(url, "application/json", header).then(({ status }) => status));
    expect(await Promise.all(statuses)).toEqual([504, 504, 504, 400, 400, 504, 504, 504, 504]);
  });

  it("that are malformed are refused", async () => {
    const { url } = await startStub({}, { fastPath });
    expect((await rawCall(url, "application/grpc", { "grpc-timeout": "soon" })).grpcStatus).toBe("3");
    expect((await rawCall(url, "application/json", { "connect-timeout-ms": "-1" })).status).toBe(400);
  });
});

describe.each([true, false])("a caller that goes away, fast path %s", (fastPath) => {
  function watched() {
    const aborted: unknown[] = [];
    let started = 0;
    let finished = 0;
    return {
      aborted,
      started: () => started,
      finished: () => finished,
      stub: {
        getMemory: async (_request: unknown, context: HandlerContext) => {
          started++;
          await untilAborted(context).catch(() => aborted.push(context.signal.reason));
          return {};
        },
        async *search(_request: unknown, context: HandlerContext) {
          started++;
          try {
            yield hit(1);
            await untilAborted(context);
          } finally {
            finished++;
            aborted.push(context.signal.reason);
          }
        },
      },
    };
  }

  it("by cancelling aborts unary calls and streams, and is no error in the log", async () => {
    const watch = watched();
    const { url, port, complaints } = await startStub(watch.stub, { fastPath });
    for (const transport of [
      createGrpcTransport({ baseUrl: url }),
      createConnectTransport({ baseUrl: url, httpVersion: "1.1" }),
    ]) {
      const client = clientOf(transport);
      for (const call of [
        (signal: AbortSignal) => client.getMemory({}, { signal }),
        (signal: AbortSignal) => collect(client.search({ query: "q" }, { signal })),
      ]) {
        const seen = watch.started();
        const abort = new AbortController();
        const answer = call(abort.signal).catch(() => {});
        await until(() => watch.started() > seen, "the call to start");
        abort.abort();
        await answer;
        await until(() => watch.aborted.length === watch.started(), "its signal to abort");
      }
    }
    const grpcJs = new GrpcJsClient(port);
    const stream = grpcJs.search("q");
    stream.on("error", () => {});
    stream.once("data", () => stream.cancel());
    await until(() => watch.finished() === 3, "the stream of grpc-js to end");
    grpcJs.close();
    expect(watch.aborted.map((reason) => ConnectError.from(reason).code)).toEqual([1, 1, 1, 1, 1]);
    expect(complaints).toEqual([]);
  });

  it("by breaking its connection aborts them too", async () => {
    const watch = watched();
    const { port } = await startStub(watch.stub, { fastPath });
    const raw = await RawSocket.open(port);
    raw.socket.write(
      "POST /cairn.v1.MemoryService/GetMemory HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
    );
    await until(() => watch.started() === 1, "the call to start");
    raw.socket.resetAndDestroy();
    await until(() => watch.aborted.length === 1, "its signal to abort");
  });
});

it("tells a caller of @grpc/grpc-js DEADLINE_EXCEEDED, thirty times of thirty", async () => {
  const { port } = await startStub({ getMemory: (_request, context) => untilAborted(context) });
  const client = new GrpcJsClient(port);
  const codes = await Promise.all(
    Array.from({ length: 30 }, () =>
      client
        .get({}, new Metadata(), { deadline: Date.now() + 150 })
        .then(unexpected, (error: ServiceError) => error.code),
    ),
  );
  expect(new Set(codes)).toEqual(new Set([4]));
  client.close();
});

describe("REST", () => {
  it("keeps to the server's deadline whatever its caller names", async () => {
    const { url } = await startStub({}, { rest: () => NEVER, limits: { unaryDeadlineMs: 100 } });
    for (const headers of [
      { "request-timeout": "600" },
      { "connect-timeout-ms": "600000" },
      { "grpc-timeout": "1H" },
    ]) {
      expect((await fetch(`${url}/api`, { headers: headers as Record<string, string> })).status).toBe(504);
    }
  });

  it("whose implementation pays no attention to its deadline is answered 504", async () => {
    const { url } = await startStub({}, { rest: () => NEVER, limits: { unaryDeadlineMs: 100 } });
    const response = await fetch(`${url}/api`);
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ error: { code: "DEADLINE_EXCEEDED" } });
  });

  it("aborts its signal when the client goes away", async () => {
    let reason: unknown;
    let started = false;
    const rest = async ({ signal }: { signal: AbortSignal }) => {
      started = true;
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      reason = signal.reason;
      return { status: 200 };
    };
    const { url } = await startStub({}, { rest });
    const abort = new AbortController();
    const call = fetch(`${url}/api`, { signal: abort.signal }).catch(() => {});
    await until(() => started, "the call to start");
    abort.abort();
    await call;
    await until(() => reason !== undefined, "its signal to abort");
    expect(ConnectError.from(reason).code).toBe(Code.Canceled);
  });
});

async function collect(stream: AsyncIterable<unknown>): Promise<{ count: number; error?: ConnectError }> {
  let count = 0;
  try {
    for await (const _message of stream) {
      count++;
    }
    return { count };
  } catch (error) {
    return { count, error: ConnectError.from(error) };
  }
}

async function rawCall(
  url: string,
  contentType: string,
  headers: Record<string, string>,
  path = "/cairn.v1.MemoryService/GetMemory",
) {
  const session = connectHttp2(url);
  const stream = session.request({ ":method": "POST", ":path": path, "content-type": contentType, ...headers });
  stream.end(contentType === "application/grpc" ? Buffer.alloc(5) : "{}");
  let status: unknown;
  let grpcStatus: unknown;
  stream.on("response", (head) => {
    status = head[":status"];
    grpcStatus = head["grpc-status"];
  });
  stream.on("trailers", (trailers) => {
    grpcStatus ??= trailers["grpc-status"];
  });
  stream.resume();
  await until(() => stream.closed, "the call to end");
  session.close();
  return { status, grpcStatus };
}

function unexpected(answer: unknown): never {
  throw new Error(`expected an error, got ${answer}`);
}
