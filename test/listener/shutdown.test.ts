import { connect as connectHttp2 } from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";
import { Metadata, type ServiceError } from "@grpc/grpc-js";
import { afterEach, describe, expect, it } from "vitest";
import { clientOf, connectTransports, GrpcJsClient, type TransportName } from "./clients.ts";
import { EMPTY_SETTINGS, headers, lastData, PREFACE } from "./raw-http2.ts";
import { RawSocket, until } from "./raw-socket.ts";
import { hit, startStub, stopStubs } from "./stub-server.ts";

afterEach(stopStubs);

const WIRES: TransportName[] = ["gRPC", "gRPC-Web, HTTP/1.1", "Connect, JSON, HTTP/1.1", "Connect, Protobuf, HTTP/2"];

/** A grace that no test waits for, and half of it: what takes less did not wait for it. */
const GRACE_MS = 50_000;
const PROMPT_MS = GRACE_MS / 2;

/** Unary calls take until `finish`, so that none is over before the stop begins; streams never end by themselves. */
function working() {
  const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
  const state = { unary: 0, streams: 0, finish };
  return {
    state,
    stub: {
      getMemory: async ({ memoryId }: { memoryId: string }) => {
        state.unary++;
        await finished;
        return { memory: { id: memoryId } };
      },
      async *search(_request: unknown, { signal }: { signal: AbortSignal }) {
        state.streams++;
        yield hit(1);
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      },
    },
  };
}

describe("a graceful stop", () => {
  it("lets unary calls finish and ends streams with UNAVAILABLE, over every protocol", async () => {
    const { state, stub } = working();
    const server = await startStub(stub);
    const clients = WIRES.map((wire) => clientOf(connectTransports(server.url)[wire]));
    const unary = clients.map((client) => client.getMemory({ memoryId: "m" }));
    const streams = clients.map(async (client) => {
      let count = 0;
      try {
        for await (const _message of client.search({ query: "q" })) {
          count++;
        }
        return { count, code: undefined };
      } catch (error) {
        return { count, code: ConnectError.from(error).code };
      }
    });
    const grpcJs = new GrpcJsClient(server.port);
    const grpcJsUnary = grpcJs.get({ memoryId: "m" }, new Metadata());
    const grpcJsCode = new Promise((resolve) => {
      grpcJs
        .search("q")
        .on("data", () => {})
        .on("error", (error: ServiceError) => resolve(error.code));
    });
    await until(() => state.unary === 5 && state.streams === 5, "all calls to run");
    const began = Date.now();
    const closed = server.close(GRACE_MS);
    state.finish();
    expect((await Promise.all(unary)).map(({ memory }) => memory?.id)).toEqual(["m", "m", "m", "m"]);
    expect((await grpcJsUnary).memory?.id).toBe("m");
    expect(await Promise.all(streams)).toEqual(WIRES.map(() => ({ count: 1, code: Code.Unavailable })));
    expect(await grpcJsCode).toBe(14);
    await closed;
    expect(Date.now() - began).toBeLessThan(PROMPT_MS);
    expect(server.complaints).toEqual([]);
    grpcJs.close();
  });

  it("closes idle, kept and mute connections at once, and takes no new ones", async () => {
    const server = await startStub();
    const mute = await RawSocket.open(server.port);
    const kept = await RawSocket.open(server.port);
    kept.socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    await kept.read(/ok\n/);
    const session = connectHttp2(server.url);
    await new Promise((resolve) => session.once("remoteSettings", resolve));
    const began = Date.now();
    await server.close(GRACE_MS);
    expect(Date.now() - began).toBeLessThan(PROMPT_MS);
    await Promise.all([mute.closed(), kept.closed(), until(() => session.closed, "the session to close")]);
    await expect(RawSocket.open(server.port)).rejects.toThrow("ECONNREFUSED");
  });

  it("sends GOAWAY and refuses what comes after it", async () => {
    const { state, stub } = working();
    const server = await startStub(stub);
    const session = connectHttp2(server.url);
    session.on("error", () => {});
    const head = {
      ":method": "POST",
      ":path": "/cairn.v1.MemoryService/GetMemory",
      "content-type": "application/json",
    };
    const running = session.request(head);
    running.end("{}");
    running.resume();
    await until(() => state.unary === 1, "the call to run");
    const goaway = new Promise((resolve) => session.once("goaway", resolve));
    const closed = server.close(GRACE_MS);
    expect(await goaway).toBe(0);
    const status = new Promise((resolve) => running.once("response", (headers) => resolve(headers[":status"])));
    state.finish();
    expect(await status).toBe(200);
    await closed;
  });

  it("says to kept HTTP/1.1 connections that their last answer was the last", async () => {
    const { state, stub } = working();
    const server = await startStub(stub);
    const raw = await RawSocket.open(server.port);
    raw.socket.write(
      "POST /cairn.v1.MemoryService/GetMemory HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
    );
    await until(() => state.unary === 1, "the call to run");
    const closed = server.close(GRACE_MS);
    state.finish();
    expect(await raw.read(/\r\n\r\n/)).toMatch(/connection: close/i);
    await closed;
  });

  it("cuts off what will not end, within its grace, and names SHUTTING_DOWN to who still listens", async () => {
    let running = 0;
    const server = await startStub({
      getMemory: () => {
        running++;
        return new Promise(() => {});
      },
    });
    const client = clientOf(connectTransports(server.url).gRPC);
    const call = client.getMemory({}).then(
      () => "answer",
      (error) => ConnectError.from(error).code,
    );
    await until(() => running === 1, "the call to run");
    const began = Date.now();
    await server.close(1_000);
    expect(Date.now() - began).toBeLessThan(PROMPT_MS);
    expect(await call).toBe(Code.Unavailable);
  });

  it("cuts off a peer that does not hang up either", async () => {
    const server = await startStub({ getMemory: () => new Promise(() => {}) });
    const raw = await RawSocket.open(server.port);
    raw.socket.write(
      Buffer.concat([
        PREFACE,
        EMPTY_SETTINGS,
        headers(1, "GetMemory", "application/json"),
        lastData(1, Buffer.from("{}")),
      ]),
    );
    await until(() => server.counts().unary === 1, "the call to run");
    raw.socket.pause();
    const began = Date.now();
    await server.close(300);
    expect(Date.now() - began).toBeLessThan(PROMPT_MS);
    raw.socket.destroy();
  });

  it("is one: a second call waits for the first", async () => {
    const server = await startStub();
    await Promise.all([server.close(1_000), server.close(1_000), server.close()]);
  });

  it("ends a REST stream and lets a REST call finish", async () => {
    let running = 0;
    const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
    const server = await startStub(
      {},
      {
        rest: async ({ url, signal }) => {
          running++;
          if (url.endsWith("/stream")) {
            const body = (async function* () {
              yield Buffer.from('{"rank":1}\n');
              await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
              yield Buffer.from(`${ConnectError.from(signal.reason).code}\n`);
            })();
            return { status: 200, header: new Headers({ "content-type": "application/x-ndjson" }), body };
          }
          await finished;
          return { status: signal.aborted ? 500 : 200 };
        },
      },
    );
    const stream = fetch(`${server.url}/stream`).then((response) => response.text());
    const call = fetch(`${server.url}/call`);
    await until(() => running === 2, "both to run");
    const closed = server.close(GRACE_MS);
    finish();
    expect((await call).status).toBe(200);
    expect(await stream).toBe('{"rank":1}\n14\n');
    await closed;
  });
});
