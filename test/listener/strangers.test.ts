import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type ClientHttp2Session, connect as connectHttp2, constants } from "node:http2";
import { connect } from "node:net";
import { join } from "node:path";
import { Code, ConnectError, createContextValues } from "@connectrpc/connect";
import type { UniversalServerRequest, UniversalServerResponse } from "@connectrpc/connect/protocol";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { ErrorInfoSchema } from "../../gen/server/google/rpc/error_details_pb.ts";
import type { Admission, Admissions } from "../../src/server/callers.ts";
import { RawSocket, sleep, until } from "./raw-socket.ts";
import { startStub, stopStubs } from "./stub-server.ts";

const sessions = new Set<ClientHttp2Session>();
afterEach(async () => {
  for (const session of sessions) session.destroy();
  sessions.clear();
  await stopStubs();
});

const GET = "/cairn.v1.MemoryService/GetMemory";
const SEARCH = "/cairn.v1.MemoryService/Search";
const CHECK = "/grpc.health.v1.Health/Check";
const WATCH = "/grpc.health.v1.Health/Watch";
const HALF_GRPC = Buffer.concat([Buffer.of(0, 0, 0, 255, 255), Buffer.alloc(20)]);

/** Knows `good`; whoever else comes is refused, `pending` never. */
function admissions(recognised: readonly string[] = []): Admissions & { asked: number } {
  const rejection = new ConnectError("the key is unknown", Code.Unauthenticated, { "x-request-id": "call-7" }, [
    { desc: ErrorInfoSchema, value: { reason: "CREDENTIALS_INVALID", domain: "cairn.v1" } },
  ]);
  return {
    asked: 0,
    admit(_method, header) {
      this.asked++;
      const key = header.get("authorization") ?? "";
      if (/\b(good|better)$/.test(key)) return { values: createContextValues() };
      if (key === "slow") return sleep(300).then((): Admission => ({ values: createContextValues() }));
      return key === "pending" ? new Promise(() => {}) : Promise.resolve({ rejection });
    },
    recognises: (header) => recognised.includes(header.get("authorization") ?? ""),
  };
}

function open(url: string): ClientHttp2Session {
  const session = connectHttp2(url, { rejectUnauthorized: false, maxSessionMemory: 2_000 });
  session.on("error", () => {});
  sessions.add(session);
  return session;
}

/** A connection that takes heads and no byte of a body. */
function notReading(url: string): ClientHttp2Session {
  const session = connectHttp2(url, { settings: { initialWindowSize: 0 } });
  session.on("error", () => {});
  sessions.add(session);
  return session;
}

/** A call whose body is begun and never ended. */
function begin(session: ClientHttp2Session, path: string, type: string, key: string, body: Buffer | string = "{") {
  const stream = session.request({ ":method": "POST", ":path": path, "content-type": type, authorization: key });
  const seen = { head: {} as Record<string, unknown>, endsAtHead: false, text: "", stream };
  stream.on("error", () => {});
  stream.on("response", (head, flags) => {
    seen.head = { ...head };
    seen.endsAtHead = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
  });
  stream.on("data", (chunk) => {
    seen.text += chunk;
  });
  stream.write(body);
  return seen;
}

describe("a call with an invalid key", () => {
  it("is answered in the manner of its protocol while its body is still being sent, and never read", async () => {
    let handled = 0;
    const known = admissions();
    const { url } = await startStub({ getMemory: () => ({ handled: ++handled }) as never }, { admissions: known });
    const session = open(url);
    const call = async (path: string, type: string, body?: Buffer) => {
      const seen = begin(session, path, type, "bad", body);
      await until(() => seen.stream.closed, `the answer to ${type}`);
      return seen;
    };
    const grpc = [
      [GET, "application/grpc"],
      [GET, "application/grpc+json"],
      [SEARCH, "application/grpc"],
      [SEARCH, "application/grpc-web+json"],
    ] as const;
    const connect = ["application/json", "application/json;charset=UTF-8", "application/proto"];
    const [web, stream, ...others] = await Promise.all([
      call(GET, "application/grpc-web+proto", HALF_GRPC),
      call(SEARCH, "application/connect+json", HALF_GRPC),
      ...grpc.map(([path, type]) => call(path, type, HALF_GRPC)),
      ...connect.map((type) => call(GET, type)),
    ]);
    expect(web?.text).toContain("grpc-status: 16\r\n");
    expect(JSON.parse(stream!.text.slice(5)).error.code).toBe("unauthenticated");
    for (const { head, endsAtHead } of others.slice(0, grpc.length)) {
      expect(head).toMatchObject({ ":status": 200, "grpc-status": "16", "x-request-id": "call-7" });
      expect(endsAtHead).toBe(true);
    }
    for (const { head, text } of others.slice(grpc.length)) {
      expect([head[":status"], head["x-request-id"], JSON.parse(text).code]).toEqual([
        401,
        "call-7",
        "unauthenticated",
      ]);
    }
    expect([handled, known.asked]).toEqual([0, 9]);
  });

  it("is answered over HTTP/1.1 too, and its connection closed", async () => {
    const { port } = await startStub({}, { admissions: admissions() });
    const raw = await RawSocket.open(port);
    raw.socket.write(
      `POST ${GET} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n{"memory`,
    );
    expect(await raw.read(/unauthenticated/)).toMatch(/^HTTP\/1.1 401[\s\S]*connection: close/i);
    await raw.closed();
  });
});

describe("callers without a valid key", () => {
  it("share so much room that those who are known, or were a while ago, go on", async () => {
    const { url } = await startStub({}, { admissions: admissions(["slow"]), limits: { strangers: 3 } });
    const session = open(url);
    const waiting = Array.from({ length: 5 }, () => begin(session, GET, "application/json", "pending"));
    await until(() => waiting.filter(({ stream }) => stream.closed).length === 2, "two to be turned away");
    expect(waiting.map(({ stream }) => stream.rstCode)).toEqual([0, 0, 0, 7, 7]);
    const calls = ["good", "slow"].map((key) => begin(session, GET, "application/json", key));
    for (const { stream } of calls) stream.end("}");
    await until(() => calls.every(({ stream }) => stream.closed), "the calls of the known");
    expect(calls.map(({ head }) => head[":status"])).toEqual([200, 200]);
    expect((await fetch(`${url}/nowhere`)).status).toBe(503);
    for (const { stream } of waiting) stream.close();
    await expect.poll(async () => (await fetch(`${url}/nowhere`)).status).toBe(404);
  });

  it("leave their places when their connection ends, also with answers that wait behind another's", async () => {
    const { url, port } = await startStub({}, { admissions: admissions(), limits: { strangers: 3 } });
    const raw = await RawSocket.open(port);
    const head = `POST ${GET} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: pending\r\n`;
    raw.socket.write(`${head}Content-Length: 2\r\n\r\n{}`.repeat(3));
    await expect.poll(async () => (await fetch(`${url}/nowhere`)).status).toBe(503);
    raw.socket.resetAndDestroy();
    await sleep(100);
    const session = open(url);
    const others = [1, 2, 3].map(() => begin(session, GET, "application/json", "pending"));
    await sleep(100);
    expect(others.map(({ stream }) => stream.closed)).toEqual([false, false, false]);
  });

  it("are cut off after a while, whatever they wait for", async () => {
    const { url } = await startStub({}, { admissions: admissions(), limits: { strangerMs: 100 } });
    const { stream } = begin(open(url), GET, "application/json", "pending");
    await until(() => stream.closed, "the call to be cut off");
  });

  it("leave room for probes, and for the REST calls of those who are known", async () => {
    const rest = async ({ header, body }: UniversalServerRequest): Promise<UniversalServerResponse> => {
      // As the gateway does: of those who are known it reads the body, if only to its end.
      if (header.get("authorization") === "good") for await (const _ of body as AsyncIterable<Uint8Array>);
      return { status: 200, header: new Headers() };
    };
    const { url } = await startStub({}, { rest, admissions: admissions(["good"]), limits: { strangers: 3 } });
    const session = open(url);
    const waiting = Array.from({ length: 4 }, () => begin(session, GET, "application/json", "pending"));
    await until(() => waiting.some(({ stream }) => stream.closed), "one to be turned away");
    const status = async (path: string, headers = {}) => (await fetch(url + path, { headers })).status;
    expect(await status("/healthz")).toBe(200);
    expect(await status("/api", { authorization: "good" })).toBe(200);
    expect(await status("/api", { authorization: "bad" })).toBe(503);
  });

  it("lose the places of one connection that takes many of them, and of answers that they do not read", async () => {
    const pages = new Map([["/page", { contentType: "text/plain", body: "x".repeat(1_000) }]]);
    const limits = { strangers: 4, strangersOfOne: 3, strangerUnreadMs: 0 };
    const { url } = await startStub({}, { pages, limits });
    const session = notReading(url);
    const unread = Array.from({ length: 8 }, () => session.request({ ":path": "/page" }).on("error", () => {}));
    await until(() => unread.filter(({ closed }) => closed).length === 5, "five to be turned away");
    expect((await fetch(`${url}/page`)).status).toBe(200);
    await until(() => unread.every(({ closed }) => closed), "the others to be cut off");
  });

  it("do not keep probes out by answers that they do not read", async () => {
    const { url } = await startStub({}, { limits: { strangers: 3 } });
    const session = notReading(url);
    const unread = [1, 2, 3].map(() => session.request({ ":path": "/healthz" }).on("error", () => {}));
    await Promise.all(unread.map((stream) => once(stream, "response")));
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    await until(() => unread[0]!.closed, "the oldest to be cut off");
  });

  it("have few streams of grpc.health.v1, with small messages", async () => {
    const { url } = await startStub({}, { limits: { openStreams: 2, openReadMaxBytes: 100 } });
    const session = open(url);
    const watches = Array.from({ length: 4 }, () => begin(session, WATCH, "application/grpc", "", Buffer.alloc(5)));
    for (const { stream } of watches) stream.end();
    await until(() => watches.filter(({ stream }) => stream.closed).length === 2, "two to be turned away");
    expect(watches.map(({ stream }) => stream.rstCode)).toEqual([0, 0, 7, 7]);
    const large = begin(session, CHECK, "application/json", "", Buffer.alloc(101, " "));
    large.stream.end();
    await until(() => large.stream.closed, "the answer");
    expect(JSON.parse(large.text).code).toBe("resource_exhausted");
  });

  it("have so many connections, and no more", async () => {
    const { port } = await startStub({}, { limits: { maxConnections: 2 } });
    const raw = await Promise.all([1, 2, 3].map(() => RawSocket.open(port)));
    await until(() => raw.filter(({ closedAt }) => closedAt !== undefined).length === 1, "one to be closed");
  });
});

describe("bodies of callers with a key", () => {
  const announcing = (bytes: number, sent: number) => {
    const body = Buffer.alloc(5 + sent);
    body.writeUInt32BE(bytes, 1);
    return body;
  };
  const memory = { getMemory: ({ memoryId }: { memoryId: string }) => ({ memory: { id: String(memoryId.length) } }) };
  const small = (session: ClientHttp2Session, key: string) => {
    const call = begin(session, GET, "application/json", key, '{"memoryId":"');
    call.stream.end(`${"x".repeat(600)}"}`);
    return call;
  };

  it("take no room by what they announce", async () => {
    const { url } = await startStub(memory, {
      admissions: admissions(),
      limits: { bodyBytes: 66_000, bodyWaitMs: 400 },
    });
    const session = open(url);
    for (let i = 0; i < 17; i++) begin(session, GET, "application/grpc", "good", announcing(1_000_000, 0));
    await sleep(50);
    const call = small(session, "good");
    await until(() => call.stream.closed, "the answer");
    expect(call.head[":status"]).toBe(200);
  });

  it("wait for room among those of their key, and not for ever, while other keys go on", async () => {
    const { url } = await startStub(memory, {
      admissions: admissions(),
      limits: { bodyBytes: 4_000, bodyWaitMs: 400 },
    });
    const session = open(url);
    const first = begin(session, GET, "application/grpc", "good", announcing(1_200, 800));
    await sleep(50);
    const [second, other] = [small(session, "good"), small(session, "Other  better")];
    await until(() => second.stream.closed && other.stream.closed, "their answers");
    expect([second.head[":status"], other.head[":status"]]).toEqual([429, 200]);
    expect(JSON.parse(second.text).details[0].debug.reason).toBe("OVERLOADED");
    const third = small(session, "x good");
    await sleep(50);
    expect(third.stream.closed).toBe(false);
    first.stream.close();
    await until(() => third.stream.closed, "the one that found room");
    expect(third.head[":status"]).toBe(200);
  });

  it("come to their end where halves of them fill all the room", async () => {
    const limits = { bodyBytes: 1 << 20, bodyWaitMs: 5_000, readMaxBytes: 1 << 20 };
    const { url } = await startStub(memory, { admissions: admissions(), limits });
    const session = open(url);
    const calls = [1, 2, 3, 4, 5, 6].map(() => begin(session, GET, "application/json", "good", '{"memoryId":"'));
    for (let half = 0; half < 2; half++) {
      for (const { stream } of calls) stream.write("x".repeat(150_000));
      await sleep(50);
    }
    const better = small(session, "better");
    await until(() => better.stream.closed, "the small one of another key");
    for (const { stream } of calls) stream.end('"}');
    await until(() => calls.every(({ stream }) => stream.closed), "all of them");
    expect([...calls, better].map(({ head }) => head[":status"])).toEqual(Array(7).fill(200));
  });
});

describe.each(["clear", "tls"])("a process that 250 strangers send 4 MB each (%s)", (transport) => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill("SIGKILL"));

  it("holds less than 64 MB for them", async () => {
    const file = join(import.meta.dirname, "refusing-server.ts");
    child = fork(file, [transport], { silent: true, execArgv: ["--disable-warning=ExperimentalWarning"] });
    const [line] = (await once(child.stdout!, "data")) as [Buffer];
    const port = Number(String(line));
    const url = `${transport === "tls" ? "https" : "http"}://127.0.0.1:${port}`;
    const resident = () => Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child!.pid}/status`, "utf8"))?.[1]);
    expect(begin(open(url), GET, "application/json", "bad").stream).toBeDefined();
    await sleep(1_500);
    const before = resident();
    let most = before;
    const measure = () => {
      most = Math.max(most, resident());
    };
    const watch = setInterval(measure, 20);
    onTestFinished(() => clearInterval(watch));
    const session = open(url);
    const body = Buffer.alloc(4_000_000, " ");
    const calls = Array.from({ length: 250 }, () => begin(session, GET, "application/json", "bad", body));
    await until(() => calls.every(({ stream }) => stream.closed), "the answers", 30_000);
    // The others, for whom there was no room, were told to come again.
    expect(new Set(calls.map(({ head, stream }) => head[":status"] ?? stream.rstCode))).toEqual(new Set([401, 7]));
    if (transport === "clear") {
      await overHttp1(port, body);
    }
    expect((most - before) / 1024).toBeLessThan(64);
  }, 60_000);
});

/** Half with their length, half chunked. */
async function overHttp1(port: number, body: Buffer): Promise<void> {
  const closed = Array.from({ length: 250 }, async (_, index) => {
    const socket = connect(port, "127.0.0.1").on("error", () => {});
    const framing = index % 2 ? "Content-Length: 4100000" : "Transfer-Encoding: chunked";
    socket.write(`POST ${GET} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${framing}\r\n\r\n`);
    socket.write(index % 2 ? "" : "3d0900\r\n");
    socket.write(body);
    socket.resume();
    await new Promise((resolve) => socket.once("close", resolve));
  });
  await Promise.all(closed);
}
