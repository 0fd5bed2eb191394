import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServedApp, serveApp } from "../app/served-app.ts";

interface Operation {
  readonly requestBody?: object;
}

const file = join(import.meta.dirname, "../../gen/openapi/openapi.json");
const document: { paths: Record<string, Record<string, Operation>> } = JSON.parse(readFileSync(file, "utf8"));
const routes = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item)
    .filter(([, { requestBody }]) => requestBody !== undefined)
    .map(([method]) => [method.toUpperCase(), path.replaceAll(/\{\w+\}/g, "x")] as const),
);

describe("a call without Content-Type", () => {
  let app: ServedApp;
  beforeAll(async () => {
    app = await serveApp("pglite");
  });
  afterAll(() => app?.close());

  /** fetch() sends no Content-Type with bytes. */
  const send = (method: string, path: string, text: string) =>
    fetch(`${app.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${app.rootKey}` },
      body: new TextEncoder().encode(text),
    });

  it("is taken as JSON", async () => {
    const answer = await send("POST", "/api/v1/memories", '{"kind": "note", "content": "Written without a type"}');
    expect(answer.status).toBe(201);
  });

  it.each(routes)("has our error body where it is refused: %s %s", async (method, path) => {
    const answer = await send(method, path, "no JSON");
    expect(answer.status).toBe(400);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect((await answer.json()).error).toMatchObject({
      code: "INVALID_ARGUMENT",
      details: [
        { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "MALFORMED_REQUEST", domain: "cairn.v1" },
      ],
    });
  });

  it("has our error body at a path of Connect's, too, which cannot tell its protocol", async () => {
    const answer = await send("POST", "/cairn.v1.MemoryService/ListMemories", "{}");
    expect(answer.status).toBe(415);
    expect((await answer.json()).error).toMatchObject({
      code: "INVALID_ARGUMENT",
      details: [{ reason: "MALFORMED_REQUEST", domain: "cairn.v1" }],
    });
  });
});
