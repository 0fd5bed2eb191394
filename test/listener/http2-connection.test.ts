import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { Metadata } from "@grpc/grpc-js";
import { afterEach, describe, expect, it } from "vitest";
import { GrpcJsClient } from "./clients.ts";
import { EMPTY_SETTINGS, headers, lastData, PREFACE, reset } from "./raw-http2.ts";
import { RawSocket, sleep, until } from "./raw-socket.ts";
import { startStub, stopStubs } from "./stub-server.ts";

afterEach(stopStubs);

const HEAD = { ":method": "POST", ":path": "/cairn.v1.MemoryService/GetMemory", "content-type": "application/json" };

function open(url: string): ClientHttp2Session {
  const session = connectHttp2(url);
  session.on("error", () => {});
  return session;
}

/** Begins `count` calls from stream `first` on and cancels each at once. */
function cancelMany(raw: RawSocket, first: number, count: number): void {
  const frames: Buffer[] = [];
  for (let stream = first; stream < first + 2 * count; stream += 2) {
    frames.push(headers(stream, "GetMemory", "application/json"), reset(stream));
  }
  raw.socket.write(Buffer.concat(frames));
}

describe("an HTTP/2 connection", () => {
  it("survives the resets of an honest client that cancels a lot", async () => {
    const { port, complaints } = await startStub();
    const raw = await RawSocket.open(port);
    raw.socket.write(Buffer.concat([PREFACE, EMPTY_SETTINGS]));
    for (let round = 0; round < 15; round++) {
      cancelMany(raw, 1 + round * 200, 100);
      await sleep(5);
    }
    raw.socket.write(
      Buffer.concat([
        headers(5_001, "GetMemory", "application/json"),
        lastData(5_001, Buffer.from('{"memoryId":"still"}')),
      ]),
    );
    await raw.read(/still/);
    expect([raw.closedAt, complaints]).toEqual([undefined, []]);
    raw.socket.destroy();
  });

  it("is closed under a flood of resets, and the server serves on", async () => {
    const { port, url } = await startStub({}, { limits: { streamResetBurst: 300, streamResetRate: 1 } });
    const raw = await RawSocket.open(port);
    raw.socket.write(Buffer.concat([PREFACE, EMPTY_SETTINGS]));
    for (let round = 0; round < 20; round++) {
      cancelMany(raw, 1 + round * 200, 100);
      await sleep(5);
    }
    await raw.closed();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it("carries no more streams at once than it says", async () => {
    let running = 0;
    let most = 0;
    const { url } = await startStub(
      {
        getMemory: async () => {
          most = Math.max(most, ++running);
          await sleep(20);
          running--;
          return {};
        },
      },
      { limits: { maxConcurrentStreams: 10 } },
    );
    const session = open(url);
    await new Promise((resolve) => session.once("remoteSettings", resolve));
    expect(session.remoteSettings.maxConcurrentStreams).toBe(10);
    const calls = Array.from({ length: 60 }, () => {
      const stream = session.request(HEAD);
      stream.end("{}");
      stream.resume();
      return until(() => stream.closed, "a call to end");
    });
    await Promise.all(calls);
    expect(most).toBe(10);
    session.destroy();
  });

  it("takes 128 uploads of nearly a megabyte at once", async () => {
    const { port } = await startStub({ getMemory: ({ memoryId }) => ({ memory: { id: String(memoryId.length) } }) });
    const client = new GrpcJsClient(port);
    const memoryId = "x".repeat(1_000_000);
    const answers = await Promise.all(Array.from({ length: 128 }, () => client.get({ memoryId }, new Metadata())));
    expect(new Set(answers.map(({ memory }) => memory?.id))).toEqual(new Set(["1000000"]));
    client.close();
  });

  it("is closed politely when it has carried no stream for long", async () => {
    const { url } = await startStub({}, { limits: { idleTimeoutMs: 300 } });
    const session = open(url);
    let code: number | undefined;
    session.once("goaway", (received) => {
      code = received;
    });
    await until(() => session.closed, "the connection to be closed");
    expect(code).toBe(0);
  });

  it("stays open while a stream is open, however quiet", async () => {
    const { url } = await startStub(
      {
        getMemory: async () => {
          await sleep(1_000);
          return { memory: { id: "late" } };
        },
      },
      { limits: { idleTimeoutMs: 200, pingIntervalMs: 100 } },
    );
    const session = open(url);
    const stream = session.request(HEAD);
    stream.end("{}");
    let text = "";
    for await (const chunk of stream) {
      text += chunk;
    }
    expect(text).toMatch("late");
    session.destroy();
  });

  it("is cut off when its peer answers no ping, and its streams abort", async () => {
    let aborted = 0;
    let started = 0;
    const { port } = await startStub(
      {
        getMemory: (_request, { signal }) => {
          started++;
          return new Promise((_resolve, reject) => {
            signal.addEventListener("abort", () => {
              aborted++;
              reject(signal.reason);
            });
          });
        },
      },
      { limits: { pingIntervalMs: 100, pingTimeoutMs: 200 } },
    );
    const raw = await RawSocket.open(port);
    raw.socket.write(
      Buffer.concat([
        PREFACE,
        EMPTY_SETTINGS,
        headers(1, "GetMemory", "application/json"),
        lastData(1, Buffer.from("{}")),
      ]),
    );
    await until(() => started === 1, "the call to start");
    await until(() => aborted === 1, "the call to be aborted");
    await raw.closed();
  });
});
