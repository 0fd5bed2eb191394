import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { Code } from "@connectrpc/connect";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

type Package = typeof import("../../../gen/ts/dist/index.js");
type Cairn = InstanceType<Package["Cairn"]>;

/** For what comes at once, but on a busy machine. */
const PATIENCE = { timeout: 20_000 };
const root = join(import.meta.dirname, "../../..");
const opened: (() => void)[] = [];
let folder: string;
let client: Package;

/** What a browser would get; Node's fetch plays the browser's. */
beforeAll(async () => {
  mkdirSync(join(root, ".cache"), { recursive: true });
  folder = mkdtempSync(join(root, ".cache/fetch-client-"));
  const entry = join(root, "gen/ts/dist/index.js");
  const outfile = join(folder, "client.mjs");
  await build({ entryPoints: [entry], bundle: true, outfile, format: "esm", platform: "browser" });
  client = await import(outfile);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  for (const close of opened.splice(0)) close();
});

async function serve(answer: (response: ServerResponse, call: number) => void) {
  const seen = { calls: 0, ended: 0, url: "" };
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    response.on("close", () => seen.ended++);
    request.resume().on("end", () => answer(response, ++seen.calls));
  });
  server.on("connection", (socket) => sockets.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  opened.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  seen.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    seen,
    cut: () => [...sockets].map((one) => one.resetAndDestroy()),
    end: () => [...sockets].map((one) => one.end()),
  };
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  const failure = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(failure).toBeInstanceOf(client.CairnError);
  return Code[(failure as InstanceType<Package["CairnError"]>).code];
}

const unknownMethod = (response: ServerResponse) => void response.writeHead(404).end();

describe.each(["connect", "grpc-web"] as const)("a TypeScript client by fetch over %s", (protocol) => {
  const connect = (url: string): Cairn => {
    const cairn = new client.Cairn({ url, protocol });
    opened.push(() => cairn.close());
    return cairn;
  };
  const first = (cairn: Cairn) => cairn.search("tea")[Symbol.asyncIterator]().next();

  it.each(["cut", "end"] as const)(
    "repeats reads and writes over a lost connection (%s), and never a purge",
    async (how) => {
      for (const method of ["getMemory", "writeMemory", "purgeMemory"] as const) {
        const server = await serve((response, call) => (call === 1 ? void server[how]() : unknownMethod(response)));
        const repeated = method !== "purgeMemory";
        const code = await codeOf(connect(server.seen.url).memories[method]({}));
        expect([method, code, server.seen.calls]).toEqual([
          method,
          repeated ? "Unimplemented" : "Unavailable",
          repeated ? 2 : 1,
        ]);
      }
    },
  );

  it("repeats what was cut off in the midst of its first message", async () => {
    const type = protocol === "connect" ? "application/connect+proto" : "application/grpc-web+proto";
    const server = await serve((response, call) => {
      if (call > 1) return unknownMethod(response);
      response.writeHead(200, { "content-type": type }).write(Buffer.from([0, 0, 0, 0, 200, 1]));
      setTimeout(() => server.cut(), 20);
    });
    expect([await codeOf(first(connect(server.seen.url))), server.seen.calls]).toEqual(["Unimplemented", 2]);
  });

  it("calls a server that it cannot reach unavailable", async () => {
    const cairn = connect("http://127.0.0.1:1");
    expect([await codeOf(cairn.memories.getMemory({})), await codeOf(first(cairn))]).toEqual([
      "Unavailable",
      "Unavailable",
    ]);
  });

  it("ends running calls when it is closed, and makes no other", async () => {
    const server = await serve(() => cairn.close());
    const cairn = connect(server.seen.url);
    expect(await codeOf(cairn.memories.getMemory({}))).toBe("Canceled");
    await expect.poll(() => server.seen.ended, PATIENCE).toBe(1);
    expect(await codeOf(cairn.memories.getMemory({}))).toBe("Canceled");
    expect(server.seen.calls).toBe(1);
  });

  it("ends a search that is left while its first result is awaited", async () => {
    const server = await serve(() => {});
    const results = connect(server.seen.url).search("tea")[Symbol.asyncIterator]();
    const next = results.next();
    await expect.poll(() => server.seen.calls, PATIENCE).toBe(1);
    await results.return();
    expect(await next).toEqual({ done: true, value: undefined });
    await expect.poll(() => server.seen.ended, PATIENCE).toBe(1);
  });

  it("refuses a header that HTTP cannot carry without showing it", async () => {
    const { memories } = connect("http://127.0.0.1:1");
    const call = memories.getMemory({}, { headers: { authorization: "Bearer secret\nx" } });
    await expect(call).rejects.toThrow(/headers/);
    await expect(call).rejects.not.toThrow(/secret/);
  });
});
