import { once } from "node:events";
import { connect } from "node:http2";
import { afterEach, describe, expect, it } from "vitest";
import { startStub, stopStubs } from "./stub-server.ts";

const RPC = "/cairn.v1.MemoryService/GetMemory";
const PAGE = "https://app.example.com";

afterEach(stopStubs);

function call(url: string, origin: string, method = "POST") {
  const preflight = method === "OPTIONS" ? { "access-control-request-method": "POST" } : {};
  const headers = { origin, "content-type": "application/json", ...preflight };
  return fetch(url + RPC, { method, headers, ...(method === "POST" ? { body: "{}" } : {}) });
}

describe("CORS", () => {
  it("answers the preflight of an allowed origin with what the protocols need", async () => {
    const { url } = await startStub({}, { corsOrigins: [PAGE] });
    const answer = await call(url, PAGE, "OPTIONS");
    expect(answer.status).toBe(204);
    expect(answer.headers.get("access-control-allow-origin")).toBe(PAGE);
    expect(answer.headers.get("access-control-allow-headers")).toMatch(
      /authorization.*connect-protocol-version.*x-grpc-web/,
    );
  });

  it("lets the page read answers and rejections", async () => {
    const { url } = await startStub({}, { corsOrigins: [PAGE] });
    expect((await call(url, PAGE)).headers.get("access-control-allow-origin")).toBe(PAGE);
    const rejection = await fetch(`${url}/nowhere`, { headers: { origin: PAGE } });
    expect([rejection.status, rejection.headers.get("access-control-allow-origin")]).toEqual([404, PAGE]);
  });

  it("says nothing to another origin, nor to any where none is configured", async () => {
    const { url } = await startStub({}, { corsOrigins: [PAGE] });
    expect((await call(url, "https://evil.example", "OPTIONS")).headers.get("access-control-allow-origin")).toBeNull();
    const closed = await startStub();
    expect((await call(closed.url, PAGE)).headers.get("access-control-allow-origin")).toBeNull();
  });

  it("holds over HTTP/2 too, and `*` is every origin", async () => {
    const { url } = await startStub({}, { corsOrigins: ["*"] });
    const session = connect(url);
    const stream = session.request({
      ":method": "POST",
      ":path": RPC,
      origin: PAGE,
      "content-type": "application/json",
    });
    stream.end("{}");
    const [headers] = await once(stream, "response");
    expect(headers["access-control-allow-origin"]).toBe(PAGE);
    stream.resume();
    session.close();
  });
});
