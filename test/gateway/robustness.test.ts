import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AgentService } from "../../gen/server/cairn/v1/agent_service_pb.ts";
import { EmbeddingService } from "../../gen/server/cairn/v1/embedding_service_pb.ts";
import { KeyService } from "../../gen/server/cairn/v1/key_service_pb.ts";
import { MemoryService } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import { WorkspaceService } from "../../gen/server/cairn/v1/workspace_service_pb.ts";
import { MemoryService as TrustpagerService } from "../../gen/server/trustpager/v1/memory_pb.ts";
import { createGateway } from "../../src/gateway/gateway.ts";
import { httpBindings } from "../../src/gateway/http-rule.ts";
import { createInProcessTransport, type MountedService } from "../../src/rpc/in-process-transport.ts";
import { respond } from "./harness.ts";

const services = [AgentService, KeyService, MemoryService, WorkspaceService, EmbeddingService, TrustpagerService];

// Services without implementations: a request that is decoded answers UNIMPLEMENTED (501).
const transport = createInProcessTransport(
  services.map((service): MountedService => ({ service, implementation: {}, interceptors: [] })),
);
const unexpected: unknown[] = [];
const gateway = createGateway({
  services: services.map((service) => ({ service, transport })),
  maxBodyBytes: () => 4096,
  errorDomain: "cairn.v1",
  onUnexpected: (error) => unexpected.push(error),
});

const text = fc.string({ unit: "binary", maxLength: 20 });
const escaped = fc.oneof(
  text.map(encodeURIComponent),
  text,
  fc.constantFrom("%ff", "%", "%2", "..", "", ":purge", "%2F"),
);
const bindings = services.flatMap(httpBindings);
const path = fc.oneof(
  fc
    .tuple(fc.constantFrom(...bindings), escaped)
    .map(([{ path: template }, value]) => template.replace(/\{[^}]+\}/g, value)),
  fc.array(escaped, { maxLength: 5 }).map((segments) => `/${segments.join("/")}`),
);
const names = [
  ...new Set(
    services.flatMap((service) => service.methods.flatMap(({ input }) => input.fields.map(({ name }) => name))),
  ),
];
const name = fc.oneof(
  fc.constantFrom(...names, "filter.subject_type", "filter.metadata", "__proto__", "constructor", "toString"),
  escaped,
);
const query = fc
  .array(fc.tuple(name, escaped), { maxLength: 4 })
  .map((pairs) => pairs.map((pair) => pair.join("=")).join("&"));
const json = fc.oneof(
  fc.dictionary(
    fc.oneof(fc.constantFrom(...names, "memory", "content", "__proto__"), text),
    fc.jsonValue({ maxDepth: 3 }),
    { maxKeys: 4 },
  ),
  fc.jsonValue(),
);
const body = fc.oneof(
  json.map((value) => Buffer.from(JSON.stringify(value) ?? "")),
  fc.uint8Array({ maxLength: 40 }),
  fc.string({ minLength: 4000, maxLength: 5000 }).map((long) => Buffer.from(JSON.stringify({ content: long }))),
);
const headers = fc.record(
  {
    "content-type": fc.constantFrom("application/json", "text/plain", ";", "application/json; charset=x"),
    "content-encoding": fc.constantFrom("gzip", "br", "identity", ""),
    "content-length": fc.constantFrom("0", "10", "99999999999", "x", "-1"),
    accept: fc.constantFrom("text/event-stream", "*/*", ";q=x", "text/event-stream;q=1,application/x-ndjson;q=nan"),
    "request-timeout": fc.constantFrom("1", "x", "0", "1e9"),
  },
  { requiredKeys: [] },
);
const method = fc.constantFrom("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS", "TRACE", "get");

describe("the gateway", () => {
  it("answers whatever it is sent with a status of the right class and a whole error body, and rejects nothing", async () => {
    const statuses = new Set<number>();
    await fc.assert(
      fc.asyncProperty(
        method,
        path,
        query,
        fc.option(body, { nil: undefined }),
        headers,
        fc.boolean(),
        async (m, p, q, b, h, packed) => {
          const sent = b && packed && h["content-encoding"] === "gzip" ? gzipSync(b) : b;
          const response = await respond(gateway, m, q === "" ? p : `${p}?${q}`, {
            ...(sent ? { body: sent } : {}),
            headers: h as Record<string, string>,
          });
          if (!response) {
            return;
          }
          statuses.add(response.status);
          let answered = "";
          for await (const chunk of response.body ?? []) {
            answered += Buffer.from(chunk).toString();
          }
          expect([400, 405, 413, 415, 501, 504]).toContain(response.status);
          if (m !== "HEAD") {
            const { error } = JSON.parse(answered);
            expect(error.message).toEqual(expect.any(String));
            expect(response.status === 501 || error.details[0].domain === "cairn.v1").toBe(true);
          }
        },
      ),
      { numRuns: 3000, seed: 20261121 },
    );
    expect(unexpected).toEqual([]);
    // It would prove little if all were rejected at once.
    expect([...statuses].sort()).toEqual([400, 405, 413, 415, 501, 504]);
  });
});
