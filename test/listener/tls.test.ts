import { connect as connectHttp2 } from "node:http2";
import { request as httpsRequest } from "node:https";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { credentials, Metadata } from "@grpc/grpc-js";
import { afterEach, describe, expect, it } from "vitest";
import { selfSigned } from "./certificates.ts";
import { clientOf, connectTransports, GrpcJsClient, transportNames } from "./clients.ts";
import { RawSocket, until } from "./raw-socket.ts";
import { startStub, stopStubs } from "./stub-server.ts";

afterEach(stopStubs);

const tls = selfSigned("server");
const client = selfSigned("client");

async function secureSocket(port: number, alpn: string[], options = {}): Promise<TLSSocket> {
  const socket = connectTls({
    port,
    servername: "localhost",
    host: "127.0.0.1",
    ca: tls.cert,
    ALPNProtocols: alpn,
    ...options,
  });
  socket.on("error", () => {});
  await new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
  return socket;
}

describe("TLS", () => {
  it.each(transportNames)("carries %s", async (name) => {
    const { url } = await startStub({}, { tls });
    const caller = clientOf(connectTransports(url, { rejectUnauthorized: false })[name]);
    expect((await caller.getMemory({ memoryId: "m" })).memory?.id).toBe("m");
    let count = 0;
    for await (const _message of caller.search({ query: "q" })) {
      count++;
    }
    expect(count).toBe(10);
  });

  it("carries @grpc/grpc-js", async () => {
    const { port } = await startStub({}, { tls });
    const grpcJs = new GrpcJsClient(port, credentials.createSsl(Buffer.from(tls.cert)));
    expect((await grpcJs.get({ memoryId: "m" }, new Metadata())).memory?.id).toBe("m");
    grpcJs.close();
  });

  it("lets ALPN choose, and speaks HTTP/1.1 with who offers nothing", async () => {
    const { port } = await startStub({}, { tls });
    for (const [offered, chosen] of [
      [["h2", "http/1.1"], "h2"],
      [["http/1.1"], "http/1.1"],
    ] as const) {
      const socket = await secureSocket(port, [...offered]);
      expect(socket.alpnProtocol).toBe(chosen);
      socket.destroy();
    }
    const status = await new Promise((resolve, reject) => {
      const request = httpsRequest({ port, host: "localhost", path: "/healthz", ca: tls.cert, agent: false });
      request.on("response", (response) => resolve(response.statusCode)).on("error", reject);
      request.end();
    });
    expect(status).toBe(200);
  });

  it("asks for the client's certificate where a CA of clients is named", async () => {
    const { url } = await startStub({}, { tls: { ...tls, clientCa: client.cert } });
    const answerTo = (options: object) =>
      new Promise((resolve) => {
        const session = connectHttp2(url.replace("127.0.0.1", "localhost"), { ca: tls.cert, ...options });
        session.on("error", () => {});
        const stream = session.request({ ":path": "/healthz" });
        stream.on("error", () => {}).once("close", () => resolve("refused"));
        stream.once("response", (headers) => {
          resolve(headers[":status"]);
          session.destroy();
        });
      });
    expect(await answerTo(client)).toBe(200);
    expect(await answerTo({})).toBe("refused");
    expect(await answerTo(selfSigned("stranger"))).toBe("refused");
  });

  it("cuts off a handshake that never ends, and a header that never ends gets 408", async () => {
    const { port } = await startStub(
      {},
      { tls, limits: { headersTimeoutMs: 500, requestTimeoutMs: 600, checkIntervalMs: 100 } },
    );
    const mute = await RawSocket.open(port);
    const began = Date.now();
    const slow = await secureSocket(port, ["http/1.1"]);
    let text = "";
    slow.on("data", (chunk) => {
      text += chunk;
    });
    slow.write("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ");
    await until(() => text.startsWith("HTTP/1.1 408"), "408");
    await mute.closed();
    // Sooner than by default.
    expect(Date.now() - began).toBeLessThan(8_000);
  });

  it("is no obstacle to a graceful stop: silent and idle connections close at once", async () => {
    const server = await startStub({}, { tls });
    const mute = await RawSocket.open(server.port);
    const silent = await secureSocket(server.port, ["http/1.1"]);
    const session = connectHttp2(server.url.replace("127.0.0.1", "localhost"), { ca: tls.cert });
    await new Promise((resolve) => session.once("remoteSettings", resolve));
    const kept = await secureSocket(server.port, ["http/1.1"]);
    kept.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    await new Promise((resolve) => kept.once("data", resolve));
    const began = Date.now();
    await server.close(50_000);
    expect(Date.now() - began).toBeLessThan(25_000);
    await mute.closed();
    await until(() => silent.destroyed && session.closed && kept.destroyed, "all connections to close");
    expect(server.complaints).toEqual([]);
  });

  it("survives a malformed Host, as clear text does", async () => {
    const { port, url } = await startStub({}, { tls });
    const socket = await secureSocket(port, ["http/1.1"]);
    socket.write(
      "POST /cairn.v1.MemoryService/GetMemory HTTP/1.1\r\nHost: [::\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
    );
    const [answer] = await Promise.all([
      new Promise((resolve) => socket.once("data", (chunk) => resolve(String(chunk)))),
    ]);
    expect(answer).toMatch("HTTP/1.1 400");
    const caller = clientOf(connectTransports(url, { rejectUnauthorized: false }).gRPC);
    expect((await caller.getMemory({ memoryId: "m" })).memory?.id).toBe("m");
  });
});
