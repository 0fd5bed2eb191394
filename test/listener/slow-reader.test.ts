import { connect as connectHttp2 } from "node:http2";
import { afterEach, expect, it } from "vitest";
import { RawSocket, sleep, until } from "./raw-socket.ts";
import { startStub, stopStubs } from "./stub-server.ts";

afterEach(stopStubs);

const SEARCH = "/cairn.v1.MemoryService/Search";
const ENVELOPED = Buffer.from('\0\0\0\0\u000d{"query":"q"}', "latin1");

/** A search without end, and what became of it. */
function endless() {
  const state = { produced: 0, ended: false };
  const memory = { content: "x".repeat(4_000) };
  return {
    state,
    stub: {
      async *search() {
        try {
          for (;;) {
            state.produced++;
            yield { part: { case: "result" as const, value: { rank: state.produced, memory } } };
          }
        } finally {
          state.ended = true;
        }
      },
    },
  };
}

async function stall(produced: () => number): Promise<number> {
  for (let before = -1; before !== produced(); ) {
    before = produced();
    await sleep(60);
  }
  return produced();
}

it("over HTTP/2 holds the producer back, then loses its stream, and only that", async () => {
  const { state, stub } = endless();
  const { url } = await startStub(stub, { limits: { writeStallMs: 3_000 } });
  const session = connectHttp2(url);
  const stream = session.request({ ":method": "POST", ":path": SEARCH, "content-type": "application/connect+json" });
  stream.on("error", () => {});
  stream.end(ENVELOPED);
  await until(() => state.produced > 0, "the first message");
  expect(await stall(() => state.produced)).toBeLessThan(100);
  expect(state.ended).toBe(false);
  await until(() => state.ended, "the producer to be ended");
  const ping = await new Promise<Error | null>((resolve) => session.ping((error) => resolve(error)));
  expect(ping).toBeNull();
  session.destroy();
});

it("over HTTP/1.1 holds the producer back, then loses its connection", async () => {
  const { state, stub } = endless();
  const { port } = await startStub(stub, { limits: { writeStallMs: 500 } });
  const raw = await RawSocket.open(port);
  raw.socket.pause();
  const head = `POST ${SEARCH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/connect+json\r\nContent-Length: ${ENVELOPED.length}\r\n\r\n`;
  raw.socket.write(Buffer.concat([Buffer.from(head), ENVELOPED]));
  await until(() => state.produced > 0, "the first message");
  await until(() => state.ended, "the producer to be ended");
  raw.socket.resume();
  await raw.closed();
});

it("that reads slowly but reads is served to the end", async () => {
  const STALL_MS = 2_000;
  const PAUSE_MS = 250;
  const total = 300;
  const memory = { content: "x".repeat(4_000) };
  const { url } = await startStub(
    {
      async *search() {
        for (let rank = 1; rank <= total; rank++) {
          yield { part: { case: "result", value: { rank, memory } } };
        }
      },
    },
    { limits: { writeStallMs: STALL_MS } },
  );
  const session = connectHttp2(url);
  const stream = session.request({ ":method": "POST", ":path": SEARCH, "content-type": "application/connect+json" });
  stream.end(ENVELOPED);
  let bytes = 0;
  const began = performance.now();
  for await (const chunk of stream) {
    bytes += chunk.length;
    await sleep(PAUSE_MS);
  }
  expect(bytes).toBeGreaterThan(total * 4_000);
  // It took longer than a reader may rest that does not read at all.
  expect(performance.now() - began).toBeGreaterThan(STALL_MS);
  session.close();
});

it("over REST is ended as well", async () => {
  let ended = false;
  const rest = async () => ({
    status: 200,
    header: new Headers({ "content-type": "application/x-ndjson" }),
    body: (async function* () {
      try {
        for (;;) {
          yield Buffer.alloc(16_384, 10);
        }
      } finally {
        ended = true;
      }
    })(),
  });
  const { url } = await startStub({}, { rest, limits: { writeStallMs: 300 } });
  const session = connectHttp2(url);
  const stream = session.request({ ":path": "/api" });
  stream.on("error", () => {});
  stream.end();
  await until(() => ended, "the body to be ended");
  session.destroy();
});

it("two hundred of them on one connection leave room for other calls", async () => {
  const { state, stub } = endless();
  const { url } = await startStub(stub, { limits: { writeStallMs: 5_000 } });
  const session = connectHttp2(url);
  for (let i = 0; i < 200; i++) {
    const stream = session.request({ ":method": "POST", ":path": SEARCH, "content-type": "application/connect+json" });
    stream.on("error", () => {});
    stream.end(ENVELOPED);
  }
  await until(() => state.produced > 200, "the streams to begin");
  const other = await fetch(`${url}/cairn.v1.MemoryService/GetMemory`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"memoryId":"id"}',
  });
  expect(await other.json()).toEqual({ memory: { id: "id" } });
  session.destroy();
});
