import { connect as connectHttp2 } from "node:http2";
import { brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { startStub, stopStubs } from "./stub-server.ts";

afterEach(stopStubs);

const PATH = "/cairn.v1.MemoryService/GetMemory";

async function send(url: string, body: Uint8Array | string, headers: Record<string, string>) {
  const session = connectHttp2(url);
  const stream = session.request({ ":method": "POST", ":path": PATH, ...headers });
  stream.end(body);
  let head: Record<string, unknown> = {};
  stream.on("response", (received) => {
    head = received;
  });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
  }
  session.close();
  return { head, body: Buffer.concat(chunks) };
}

const echo = { getMemory: ({ memoryId }: { memoryId: string }) => ({ memory: { id: memoryId } }) };
const big = JSON.stringify({ memoryId: "x".repeat(70_000) });
const small = JSON.stringify({ memoryId: "x".repeat(30_000) });
const json = { "content-type": "application/json" };

describe.each([true, false])("compression, fast path %s", (fastPath) => {
  it("of answers begins at 64 KiB, in the caller's first encoding that we have", async () => {
    const { url } = await startStub(echo, { fastPath });
    const gzip = await send(url, big, { ...json, "accept-encoding": "zstd, gzip, br" });
    expect(gzip.head["content-encoding"]).toBe("gzip");
    expect(JSON.parse(gunzipSync(gzip.body).toString()).memory.id).toHaveLength(70_000);
    const br = await send(url, big, { ...json, "accept-encoding": "br" });
    expect(JSON.parse(brotliDecompressSync(br.body).toString()).memory.id).toHaveLength(70_000);
    const plain = await send(url, big, json);
    expect([plain.head["content-encoding"], plain.body.length > 70_000]).toEqual([undefined, true]);
    const short = await send(url, small, { ...json, "accept-encoding": "gzip" });
    expect(short.head["content-encoding"]).toBeUndefined();
  });

  it("of requests is understood, and an empty compressed gRPC message is one", async () => {
    const { url } = await startStub(echo, { fastPath });
    const answer = await send(url, gzipSync(small), { ...json, "content-encoding": "gzip" });
    expect(JSON.parse(answer.body.toString()).memory.id).toHaveLength(30_000);
    const empty = await send(url, Buffer.from([1, 0, 0, 0, 0]), {
      "content-type": "application/grpc",
      "grpc-encoding": "gzip",
    });
    // A memory without an id is two bytes long.
    expect([...empty.body]).toEqual([0, 0, 0, 0, 2, 10, 0]);
  });

  it("that is claimed and not there is INVALID_ARGUMENT", async () => {
    const { url } = await startStub(echo, { fastPath });
    const answer = await send(url, small, { ...json, "content-encoding": "gzip" });
    expect([answer.head[":status"], JSON.parse(answer.body.toString()).code]).toEqual([400, "invalid_argument"]);
  });
});
