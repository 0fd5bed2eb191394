import { once } from "node:events";
import { createServer, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Code } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { Cairn } from "../../../gen/ts/dist/index.js";
import { connect, failureOf, opened, PATIENCE } from "./opened.ts";

type Answer = (stream: ServerHttp2Stream, call: number) => void;

const unknownMethod: Answer = (stream) => {
  stream.respond({ ":status": 404 });
  stream.end();
};
async function serve(answer: Answer) {
  const seen = { calls: 0, ended: 0, url: "" };
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  server.on("stream", (stream) => {
    stream.on("error", () => {}).on("close", () => seen.ended++);
    answer(stream, ++seen.calls);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  seen.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  opened.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  });
  return {
    seen,
    cut: () => [...sockets].map((socket) => socket.resetAndDestroy()),
    end: () => [...sockets].map((socket) => socket.end()),
  };
}

describe.each(["connect", "grpc", "grpc-web"] as const)("a TypeScript client over %s", (protocol) => {
  it.each(["cut", "end"] as const)(
    "repeats reads and writes over a lost connection (%s), and never a purge",
    async (how) => {
      for (const method of ["getMemory", "writeMemory", "purgeMemory"] as const) {
        const server = await serve((stream, call) => (call === 1 ? void server[how]() : unknownMethod(stream, call)));
        const { memories } = connect({ url: server.seen.url, protocol });
        const failure = await failureOf(memories[method]({}));
        const repeated = method !== "purgeMemory";
        expect([method, Code[failure.code]]).toEqual([method, repeated ? "Unimplemented" : "Unavailable"]);
        expect([method, server.seen.calls]).toEqual([method, repeated ? 2 : 1]);
      }
    },
  );

  it("gives a call up as cancelled when it is aborted between attempts", async () => {
    const controller = new AbortController();
    const server = await serve((stream) => {
      stream.respond({ ":status": 503 });
      stream.end(() => controller.abort());
    });
    const failure = await failureOf(connect({ url: server.seen.url, protocol }).memories.getMemory({}, controller));
    expect([Code[failure.code], server.seen.calls]).toEqual(["Canceled", 1]);
  });

  it("fails a running call as cancelled when it is closed, and does not repeat it", async () => {
    const server = await serve(() => cairn.close());
    const cairn = connect({ url: server.seen.url, protocol });
    const failure = await failureOf(cairn.memories.getMemory({}));
    expect([Code[failure.code], server.seen.calls]).toEqual(["Canceled", 1]);
  });

  it("has no deadline where the time is endless, and obeys one that no timer can count", async () => {
    const server = await serve((stream, call) => void sleep(30).then(() => unknownMethod(stream, call)));
    const { memories } = connect({ url: server.seen.url, protocol, timeoutMs: Number.POSITIVE_INFINITY });
    for (const options of [{}, { timeoutMs: 3_000_000_000 }]) {
      expect(Code[(await failureOf(memories.getMemory({}, options))).code]).toBe("Unimplemented");
    }
  });

  it("ends a search that is left while its first result is awaited", async () => {
    const server = await serve(() => {});
    const results = connect({ url: server.seen.url, protocol }).search("tea")[Symbol.asyncIterator]();
    const first = results.next();
    await expect.poll(() => server.seen.calls, PATIENCE).toBe(1);
    await results.return();
    expect(await first).toEqual({ done: true, value: undefined });
    await expect.poll(() => server.seen.ended, PATIENCE).toBe(1);
  });
});

describe("a TypeScript client's settings", () => {
  it.each(["", "127.0.0.1:8080", "ftp://host", "http://", "http://me:secret@host", "http://host?x=1", "http://host#x"])(
    "refuse the address %j",
    (url) => {
      expect(() => new Cairn({ url })).toThrow(TypeError);
      expect(() => new Cairn({ url })).not.toThrow(/secret/);
    },
  );

  it.each([" ", "cairn_secret\n", "cairn_secret é"])("refuse the key %j without showing it", (apiKey) => {
    expect(() => new Cairn({ apiKey })).toThrow(/apiKey/);
    expect(() => new Cairn({ apiKey })).not.toThrow(/secret/);
  });
});
