import { connect as connectHttp2 } from "node:http2";
import { afterEach, describe, expect, it } from "vitest";
import { EMPTY_SETTINGS, headers, lastData, PREFACE } from "./raw-http2.ts";
import { RawSocket, sleep, until } from "./raw-socket.ts";
import { startStub, stopStubs } from "./stub-server.ts";

afterEach(stopStubs);

const ENVELOPED = Buffer.from('\0\0\0\0\u000d{"query":"q"}', "latin1");
const JSON_CALL =
  'POST /cairn.v1.MemoryService/GetMemory HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n{"memoryId":"id"}';

describe("the first bytes of a connection", () => {
  it("are understood one at a time: an HTTP/2 preface", async () => {
    const { port } = await startStub();
    const raw = await RawSocket.open(port);
    await raw.writeSlowly(Buffer.concat([PREFACE, EMPTY_SETTINGS]));
    // A SETTINGS frame answers: type 4 in the fourth byte.
    const answer = await raw.read(/^.{9}/s);
    expect(answer.charCodeAt(3)).toBe(4);
    raw.socket.destroy();
  });

  it.each(["POST", "PUT", "PATCH", "GET"])("are understood one at a time: an HTTP/1.1 %s", async (method) => {
    const { port } = await startStub();
    const raw = await RawSocket.open(port);
    const path = method === "POST" ? "/cairn.v1.MemoryService/GetMemory" : "/healthz";
    const text = JSON_CALL.replace(/^POST \S+/, `${method} ${path}`);
    await raw.writeSlowly(Buffer.from(text));
    const status = { POST: "200 OK", GET: "200 OK" }[method] ?? "405 Method Not Allowed";
    expect(await raw.read(/\r\n\r\n/)).toMatch(`HTTP/1.1 ${status}`);
    raw.socket.destroy();
  });

  it("that never decide cost no CPU and are cut off in time", async () => {
    const { port } = await startStub({}, { limits: { sniffTimeoutMs: 1_500 } });
    const began = Date.now();
    const mute = await RawSocket.open(port);
    const single = await RawSocket.open(port);
    single.socket.write("P");
    await sleep(50);
    expect(await leastBusy(8, 100)).toBeLessThan(0.2);
    for (const raw of [mute, single]) {
      expect((await raw.closed()) - began).toBeGreaterThan(1_400);
      // Sooner than by default.
      expect((await raw.closed()) - began).toBeLessThan(4_500);
    }
  });

  it("may be pipelined requests: each is answered, in order", async () => {
    const { port } = await startStub();
    const raw = await RawSocket.open(port);
    const second = JSON_CALL.replace('"id"', '"ix"');
    raw.socket.write(`${JSON_CALL}${second}GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n`);
    await raw.read(/"id".*"ix".*ok\n/s);
    raw.socket.destroy();
  });

  it("may ask to upgrade to h2c, which is answered on HTTP/1.1", async () => {
    const { port } = await startStub();
    const raw = await RawSocket.open(port);
    raw.socket.write(
      "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
    );
    expect(await raw.read(/ok\n/)).toMatch("HTTP/1.1 200 OK");
    raw.socket.destroy();
  });
});

it("closes connections beyond the most it may have, and takes new ones when old ones go", async () => {
  const { port } = await startStub({}, { limits: { maxConnections: 2 } });
  const [first] = [await RawSocket.open(port), await RawSocket.open(port)];
  await (await RawSocket.open(port)).closed();
  first!.socket.destroy();
  await first!.closed();
  await expect.poll(() => fetch(`http://127.0.0.1:${port}/healthz`).then(({ status }) => status)).toBe(200);
});

describe("slow requests", () => {
  it("whose header never ends get 408", async () => {
    const { port } = await startStub(
      {},
      { limits: { headersTimeoutMs: 500, requestTimeoutMs: 800, checkIntervalMs: 100 } },
    );
    const raw = await RawSocket.open(port);
    const began = Date.now();
    raw.socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ");
    const drip = setInterval(() => raw.socket.write("a"), 50);
    expect(await raw.read(/\r\n\r\n/)).toMatch("HTTP/1.1 408");
    clearInterval(drip);
    // Sooner than by default.
    expect((await raw.closed()) - began).toBeLessThan(8_000);
  });

  it("whose body never ends get an answer over HTTP/1.1 too", async () => {
    const { port } = await startStub(
      {},
      { limits: { headersTimeoutMs: 300, requestTimeoutMs: 500, checkIntervalMs: 100 } },
    );
    const raw = await RawSocket.open(port);
    raw.socket.write(JSON_CALL.slice(0, -5));
    expect(await raw.read(/\r\n\r\n/)).toMatch(/HTTP\/1.1 (408|504)/);
    await raw.closed();
  });

  it.each([true, false])("whose body never ends are answered over HTTP/2, fast path %s", async (fastPath) => {
    const { url } = await startStub({}, { fastPath, limits: { requestTimeoutMs: 300 } });
    const session = connectHttp2(url);
    const stream = session.request({
      ":method": "POST",
      ":path": "/cairn.v1.MemoryService/GetMemory",
      "content-type": "application/grpc",
      // The caller's own patience does not stretch the server's.
      "grpc-timeout": "1H",
    });
    stream.write(Buffer.from([0, 0, 0, 0, 9]));
    const answer = await new Promise<Record<string, unknown>>((resolve) => {
      let head: Record<string, unknown> = {};
      stream.on("response", (received) => {
        head = { ...received };
      });
      stream.on("trailers", (received) => {
        head = { ...head, ...received };
      });
      stream.on("end", () => resolve(head));
      stream.resume();
    });
    expect(answer["grpc-status"]).toBe("4");
    await until(() => stream.closed, "the stream to be closed by the server");
    session.destroy();
  });
});

describe("a client that vanishes", () => {
  it("half-closes its HTTP/2 connection: its streams abort", async () => {
    let aborted = 0;
    let started = 0;
    const { port } = await startStub({
      async *search(_request, { signal }) {
        started++;
        yield { part: { case: "result", value: { rank: 1 } } };
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
        aborted++;
      },
    });
    const raw = await RawSocket.open(port);
    raw.socket.write(
      Buffer.concat([
        PREFACE,
        EMPTY_SETTINGS,
        headers(1, "Search", "application/connect+json"),
        lastData(1, ENVELOPED),
      ]),
    );
    await until(() => started === 1, "the stream to start");
    raw.socket.end();
    await until(() => aborted === 1, "the handler to be aborted");
    raw.socket.destroy();
  });
});

/** The share of a core that this process takes, in the quietest of some spans: compiling and collecting garbage come and go. */
async function leastBusy(spans: number, ms: number): Promise<number> {
  const shares: number[] = [];
  for (let span = 0; span < spans; span++) {
    const [cpu, began] = [process.cpuUsage(), performance.now()];
    await sleep(ms);
    const { user, system } = process.cpuUsage(cpu);
    shares.push((user + system) / 1_000 / (performance.now() - began));
  }
  return Math.min(...shares);
}
