import { getEventListeners, once } from "node:events";
import { createServer, type ServerHttp2Session } from "node:http2";
import { type AddressInfo, createServer as createPort } from "node:net";
import { inspect } from "node:util";
import { clone, create, equals } from "@bufbuild/protobuf";
import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { describe, expect, it } from "vitest";
import {
  CairnError,
  MemoryService,
  SearchRequestSchema,
  WriteMemoryRequestSchema,
} from "../../../gen/ts/dist/index.js";
import { ErrorInfoSchema } from "../../../gen/ts/generated/google/rpc/error_details_pb.js";
import { connect, failureOf, opened, PATIENCE } from "./opened.ts";

const MANY = 1000;
/** More than the ten listeners that Node lets pass. */
const SOME = 20;

type Rpcs = Partial<ServiceImpl<typeof MemoryService>>;

function serverOf(rpcs: Rpcs) {
  const server = createServer(connectNodeAdapter({ routes: (router) => void router.service(MemoryService, rpcs) }));
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", (session) => sessions.add(session));
  const end = () => {
    for (const session of sessions) session.destroy();
  };
  return { server, end };
}

/** A server of these RPCs; answers its address. */
async function serve(rpcs: Rpcs): Promise<string> {
  const { server, end } = serverOf(rpcs);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  opened.push(async () => {
    end();
    server.close();
    await once(server, "close");
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function refusal(code: Code, reason: string, domain = "cairn.v1"): ConnectError {
  const info = { desc: ErrorInfoSchema, value: { reason, domain, metadata: { field: "memory_id" } } };
  return new ConnectError("not now", code, { "x-request-id": "call-7" }, [info]);
}

describe.each(["connect", "grpc", "grpc-web"] as const)("a TypeScript client over %s", (protocol) => {
  it.each([
    ["OVERLOADED", 4],
    ["RATE_LIMITED", 1],
    ["STORAGE_FULL", 1],
  ] as const)("makes a read that is refused as RESOURCE_EXHAUSTED, %s, %d times", async (reason, times) => {
    let calls = 0;
    const url = await serve({
      getMemory: () => {
        calls++;
        throw refusal(Code.ResourceExhausted, reason);
      },
    });
    const failure = await failureOf(connect({ url, protocol }).memories.getMemory({}));
    expect([failure.reason, calls]).toEqual([reason, times]);
  });

  it("repeats a write whose first call still runs, with the same request_id, until it has the answer", async () => {
    const ids: (string | undefined)[] = [];
    const url = await serve({
      writeMemory: ({ requestId }) => {
        if (ids.push(requestId) <= 2) throw refusal(Code.Aborted, "REQUEST_IN_FLIGHT");
        return { memory: { id: "m" } };
      },
    });
    const { memories } = connect({ url, protocol });
    for (const requestId of ["mine", undefined]) {
      const { memory } = await memories.writeMemory(requestId === undefined ? {} : { requestId });
      const [first, ...others] = ids.splice(0);
      expect([memory?.id, first?.length, others]).toEqual(["m", requestId?.length ?? 36, [first, first]]);
    }
  });

  it.each([
    ["REVISION_MISMATCH", "cairn.v1"],
    ["REQUEST_IN_FLIGHT", "proxy.example"],
  ])("asks once where a write is ABORTED as %s of %s", async (reason, domain) => {
    let calls = 0;
    const url = await serve({
      writeMemory: () => {
        calls++;
        throw refusal(Code.Aborted, reason, domain);
      },
    });
    const failure = await failureOf(connect({ url, protocol }).memories.writeMemory({}));
    const said = domain === "cairn.v1" ? reason : undefined;
    expect([Code[failure.code], failure.reason, calls]).toEqual(["Aborted", said, 1]);
  });

  it("throws what is a ConnectError too, tells all of it, and shows no key", async () => {
    const url = await serve({
      getMemory: () => {
        throw refusal(Code.NotFound, "MEMORY_NOT_FOUND");
      },
    });
    const failure = await failureOf(connect({ url, protocol, apiKey: "cairn_secret" }).memories.getMemory({}));
    expect(failure).toBeInstanceOf(ConnectError);
    expect(ConnectError.from(failure)).toBe(failure);
    expect(failure).toMatchObject({
      code: Code.NotFound,
      rawMessage: "not now",
      reason: "MEMORY_NOT_FOUND",
      reasonMetadata: { field: "memory_id" },
      callId: "call-7",
    });
    for (const shown of [inspect(failure, { depth: 9, showHidden: true }), JSON.stringify(failure), failure.stack]) {
      expect(shown).not.toContain("secret");
    }
    expect(new ConnectError("another's")).not.toBeInstanceOf(CairnError);
  });

  it("leaves the caller's message as it was", async () => {
    const url = await serve({});
    const { memories } = connect({ url, protocol });
    const request = create(WriteMemoryRequestSchema, { memory: { kind: "k", tags: ["t"] } });
    const before = clone(WriteMemoryRequestSchema, request);
    await failureOf(memories.writeMemory(request));
    expect(equals(WriteMemoryRequestSchema, request, before)).toBe(true);
    const plain = { memory: { kind: "k" } };
    await failureOf(memories.writeMemory(plain));
    expect(plain).toEqual({ memory: { kind: "k" } });
  });

  it("reads two searches at once and keeps the summary of each", async () => {
    const url = await serve({
      async *search({ query, limit = 0 }) {
        for (let rank = 1; rank <= limit; rank++) {
          yield { part: { case: "result", value: { rank, memory: { content: query } } } };
        }
        yield { part: { case: "summary", value: { count: limit } } };
      },
    });
    const cairn = connect({ url, protocol });
    const read = async (query: string, limit: number) => {
      const search = cairn.search(create(SearchRequestSchema, { query, limit }));
      const contents = [];
      for await (const { memory } of search) contents.push(memory?.content);
      return [contents, search.summary?.count];
    };
    const both = await Promise.all([read("tea", 3), read("coffee", 2)]);
    expect(both).toEqual([
      [["tea", "tea", "tea"], 3],
      [["coffee", "coffee"], 2],
    ]);
  });

  it("ends a search on the server when the loop's body throws", async () => {
    let ended = 0;
    const url = await serve({
      async *search(_, { signal }) {
        signal.addEventListener("abort", () => ended++);
        yield { part: { case: "result", value: { rank: 1 } } };
        await new Promise((done) => signal.addEventListener("abort", done));
      },
    });
    const loop = async () => {
      for await (const { rank } of connect({ url, protocol }).search("tea")) throw new RangeError(`rank ${rank}`);
    };
    await expect(loop()).rejects.toThrow(RangeError);
    await expect.poll(() => ended, PATIENCE).toBe(1);
  });

  it("does not repeat a search whose connection is lost after its first result", async () => {
    let calls = 0;
    const read = Promise.withResolvers<void>();
    const url = await serve({
      async *search() {
        calls++;
        yield { part: { case: "result", value: { rank: 1 } } };
        await read.promise;
        await opened.pop()?.();
      },
    });
    const results = connect({ url, protocol }).search("tea")[Symbol.asyncIterator]();
    expect((await results.next()).value?.rank).toBe(1);
    read.resolve();
    expect(Code[(await failureOf(results.next())).code]).toBe("Unavailable");
    expect([await results.next(), calls]).toEqual([{ done: true, value: undefined }, 1]);
  });

  it("calls a server that was started anew", async () => {
    const rpcs = { getMemory: () => ({ memory: { id: "m" } }) };
    let running = serverOf(rpcs);
    // Who gives a port up may find it taken by another process.
    const port = createPort((socket) => running.server.emit("connection", socket)).listen(0, "127.0.0.1");
    await once(port, "listening");
    opened.push(async () => {
      running.end();
      port.close();
      await once(port, "close");
    });
    const { memories } = connect({ url: `http://127.0.0.1:${(port.address() as AddressInfo).port}`, protocol });
    await memories.getMemory({});
    running.end();
    running = serverOf(rpcs);
    expect((await memories.getMemory({})).memory?.id).toBe("m");
  });

  it("reports the time of AbortSignal.timeout as a deadline", async () => {
    const url = await serve({ getMemory: () => new Promise(() => {}) });
    const signal = AbortSignal.timeout(50);
    const failure = await failureOf(connect({ url, protocol }).memories.getMemory({}, { signal }));
    expect(Code[failure.code]).toBe("DeadlineExceeded");
  });

  it("fails calls after its closing as cancelled, and says why", async () => {
    const url = await serve({});
    const cairn = connect({ url, protocol });
    cairn.close();
    cairn.close();
    for (const call of [cairn.memories.getMemory({}), cairn.search("tea")[Symbol.asyncIterator]().next()]) {
      expect((await failureOf(call)).message).toBe("[canceled] the client is closed");
    }
  });
});

describe("a TypeScript client", () => {
  it("makes a thousand calls at once under one signal without a warning, and leaves no listener on it", async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error) => void warnings.push(warning);
    process.on("warning", warn);
    opened.push(async () => void process.off("warning", warn));
    const all = Promise.withResolvers<void>();
    const { signal } = new AbortController();
    const seen = { gets: 0, searches: 0, listeners: Number.NaN };
    const url = await serve({
      getMemory: async () => {
        if (++seen.gets === MANY) all.resolve();
        await all.promise;
        seen.listeners = getEventListeners(signal, "abort").length;
        return {};
      },
      async *search() {
        seen.searches++;
        yield { part: { case: "result", value: { rank: 1 } } };
      },
    });
    const cairn = connect({ url });
    await Promise.all(Array.from({ length: MANY }, () => cairn.memories.getMemory({}, { signal })));
    const leave = async () => {
      for await (const _ of cairn.search("tea", { signal })) break;
    };
    await Promise.all(Array.from({ length: SOME }, leave));
    expect([warnings, seen]).toEqual([[], { gets: MANY, searches: SOME, listeners: 1 }]);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});
