import type { JsonValue } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { ErrorInfoSchema, RetryInfoSchema } from "../../gen/server/google/rpc/error_details_pb.ts";
import { type Failure, statusName } from "../../src/gateway/failure.ts";
import { createGateway } from "../../src/gateway/gateway.ts";
import { gatewayOf, type Handler, respond } from "./harness.ts";
import type { SchemaSpec } from "./schema.ts";

const spec: SchemaSpec = {
  messages: {
    Request: { id: "string", item: "Thing" },
    Empty: {},
    Thing: {
      thing_id: "string",
      key: "string!",
      note: "string?",
      tags: "string*",
      size: "int64",
      score: "double",
      color: "Color",
      metadata: "google.protobuf.Struct",
      expires_at: "google.protobuf.Timestamp!",
    },
    Answer: { thing: "Thing", created: "bool", color: "Color", more: "Thing*" },
  },
  methods: {
    Get: {
      input: "Request",
      output: "Answer",
      http: {
        pattern: { case: "get", value: "/things/{id}" },
        responseBody: "thing",
        additionalBindings: [{ pattern: { case: "get", value: "/old/things/{id}" } }],
      },
    },
    Put: {
      input: "Request",
      output: "Answer",
      http: { pattern: { case: "put", value: "/things/{id}" }, body: "item", responseBody: "more" },
      status: { field: "created", cases: [{ value: "true", status: 201 }] },
    },
    Post: {
      input: "Request",
      output: "Answer",
      http: { pattern: { case: "post", value: "/things" }, body: "*" },
      status: {
        field: "color",
        cases: [
          { value: "COLOR_RED", status: 202 },
          { value: "COLOR_BLUE", status: 203 },
        ],
        otherwise: 201,
      },
    },
    Delete: {
      input: "Request",
      output: "Empty",
      http: { pattern: { case: "delete", value: "/things/{id}" } },
      status: { otherwise: 204 },
    },
    Purge: {
      input: "Request",
      output: "Empty",
      http: { pattern: { case: "custom", value: { kind: "PURGE", path: "/things/{id}" } } },
    },
  },
};

const textOf = async (body: AsyncIterable<Uint8Array>) => {
  let text = "";
  for await (const chunk of body) {
    text += Buffer.from(chunk).toString();
  }
  return text;
};

const answering = (answer: JsonValue) => gatewayOf(spec, () => answer).ask;

describe("a successful answer", () => {
  it("has proto field names, implicit values, and null where the option asks for it, in order", async () => {
    const ask = answering({ thing: { thingId: "1" }, created: true });
    const { status, text, header } = await ask("GET", "/old/things/1");
    expect(text).toBe(
      '{"thing":{"thing_id":"1","key":null,"tags":[],"size":"0","score":0,"color":"COLOR_UNSPECIFIED","expires_at":null},' +
        '"created":true,"color":"COLOR_UNSPECIFIED","more":[]}',
    );
    expect(status).toBe(200);
    expect(header.get("content-type")).toBe("application/json");
    expect(header.get("content-length")).toBe(String(text.length));
  });

  it("is one field of the response where response_body says so", async () => {
    const ask = answering({
      thing: { thingId: "1", note: "", key: "k", expiresAt: "2030-01-01T00:00:00Z" },
      more: [{ thingId: "2" }],
    });
    expect((await ask("GET", "/things/1")).json).toEqual({
      thing_id: "1",
      key: "k",
      note: "",
      tags: [],
      size: "0",
      score: 0,
      color: "COLOR_UNSPECIFIED",
      expires_at: "2030-01-01T00:00:00Z",
    });
    expect((await ask("PUT", "/things/1", { body: "{}" })).json).toMatchObject([{ thing_id: "2", key: null }]);
  });

  it("keeps nulls of its own data, and keys that look like fields", async () => {
    const ask = answering({
      thing: { metadata: JSON.parse('{"key":null,"a b":[null,{"expires_at":1}],"__proto__":{"x":1}}') },
    });
    expect((await ask("GET", "/things/1")).text).toContain(
      '"metadata":{"key":null,"a b":[null,{"expires_at":1}],"__proto__":{"x":1}}',
    );
  });

  it.each<[JsonValue, number]>([
    [{ created: true }, 201],
    [{ created: false }, 200],
  ])("has the status that a bool of the response chooses: %j → %i", async (answer, status) => {
    expect((await answering(answer)("PUT", "/things/1", { body: "{}" })).status).toBe(status);
  });

  it.each<[JsonValue, number]>([
    [{ color: "COLOR_RED" }, 202],
    [{ color: "COLOR_BLUE" }, 203],
    [{}, 201],
  ])("has the status that an enum of the response chooses: %j → %i", async (answer, status) => {
    expect((await answering(answer)("POST", "/things", { body: "{}" })).status).toBe(status);
  });

  it("has a fixed status where the option names no field", async () => {
    expect(await answering({})("DELETE", "/things/1")).toMatchObject({ status: 204, text: "" });
  });

  it("is the same to HEAD, without the body", async () => {
    const ask = answering({ thing: { thingId: "1" } });
    const [get, head] = [await ask("GET", "/things/1"), await ask("HEAD", "/things/1")];
    expect(head.status).toBe(200);
    expect(head.text).toBe("");
    expect(head.header.get("content-length")).toBe(get.header.get("content-length"));
  });

  it("serves custom methods", async () => {
    expect((await answering({})("PURGE", "/things/1")).status).toBe(200);
  });
});

describe("headers", () => {
  it("pass in where they say who calls and as whom, and no others", async () => {
    let header = new Headers();
    const { ask } = gatewayOf(spec, (_, context) => {
      header = context.requestHeader;
      return {};
    });
    const through = {
      authorization: "Bearer k",
      "cairn-agent": "a",
      "x-request-id": "r",
      traceparent: "t",
      "x-session-token": "s",
    };
    await ask("GET", "/things/1", {
      headers: {
        ...through,
        "cairn-api": "forged",
        "content-type": "text/plain",
        cookie: "c",
        "connect-protocol-version": "1",
      },
    });
    for (const [name, value] of Object.entries(through)) {
      expect(header.get(name)).toBe(value);
    }
    expect([...header.keys()].filter((name) => ["cairn-api", "cookie", "content-type"].includes(name))).toEqual([]);
  });

  it("pass back, with an answer and with a failure", async () => {
    const { ask } = gatewayOf(spec, (request, context) => {
      if ((request as { id: string }).id === "none") {
        throw new ConnectError("none", Code.NotFound, { "x-request-id": "r2" });
      }
      context.responseHeader.set("x-request-id", "r1");
      return {};
    });
    expect((await ask("GET", "/things/1")).header.get("x-request-id")).toBe("r1");
    expect((await ask("GET", "/things/none")).header.get("x-request-id")).toBe("r2");
  });

  it.each<[string, Record<string, string>, number]>([
    ["request-timeout in seconds", { "request-timeout": "0.05" }, 60_000],
    ["connect-timeout-ms", { "connect-timeout-ms": "50" }, 60_000],
    ["the default", {}, 50],
  ])("end a call at its deadline: %s", async (_, headers, unaryTimeoutMs) => {
    const untilAborted: Handler = (_, { signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const { ask } = gatewayOf(spec, untilAborted, { unaryTimeoutMs });
    const began = performance.now();
    expect((await ask("GET", "/things/1", { headers })).status).toBe(504);
    expect(performance.now() - began).toBeGreaterThan(45);
  });

  it.each([
    ["request-timeout", "9999999"],
    ["connect-timeout-ms", "9999999999"],
  ])("take a deadline further away than a timer can wait: %s %s", async (name, value) => {
    const slow: Handler = (_, { signal }) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        setTimeout(() => resolve({}), 50);
      });
    const { ask } = gatewayOf(spec, slow);
    expect((await ask("GET", "/things/1", { headers: { [name]: value } })).status).toBe(200);
  });

  it.each([
    ["request-timeout", "soon", 400],
    ["request-timeout", "-1", 400],
    ["connect-timeout-ms", "1.5", 400],
    ["connect-timeout-ms", "0", 504],
  ])("refuse the deadline %s: %s", async (name, value, status) => {
    expect((await answering({})("GET", "/things/1", { headers: { [name]: value } })).status).toBe(status);
  });
});

describe("a failure", () => {
  const failing = (error: unknown, options = {}) => {
    const fail: Handler = () => {
      throw error;
    };
    return gatewayOf(spec, fail, options);
  };

  // The table of grpc-gateway and vanguard-go.
  it.each([
    [Code.Canceled, "CANCELLED", 499],
    [Code.Unknown, "UNKNOWN", 500],
    [Code.InvalidArgument, "INVALID_ARGUMENT", 400],
    [Code.DeadlineExceeded, "DEADLINE_EXCEEDED", 504],
    [Code.NotFound, "NOT_FOUND", 404],
    [Code.AlreadyExists, "ALREADY_EXISTS", 409],
    [Code.PermissionDenied, "PERMISSION_DENIED", 403],
    [Code.ResourceExhausted, "RESOURCE_EXHAUSTED", 429],
    [Code.FailedPrecondition, "FAILED_PRECONDITION", 400],
    [Code.Aborted, "ABORTED", 409],
    [Code.OutOfRange, "OUT_OF_RANGE", 400],
    [Code.Unimplemented, "UNIMPLEMENTED", 501],
    [Code.Internal, "INTERNAL", 500],
    [Code.Unavailable, "UNAVAILABLE", 503],
    [Code.DataLoss, "DATA_LOSS", 500],
    [Code.Unauthenticated, "UNAUTHENTICATED", 401],
  ])("of code %i is %s with status %i", async (code, name, status) => {
    const answer = await failing(new ConnectError("why", code)).ask("GET", "/things/1");
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({ error: { code: name, message: "why", details: [] } });
    expect(answer.header.get("www-authenticate")).toBe(status === 401 ? "Bearer" : null);
    expect(statusName(code)).toBe(name);
  });

  it("carries its reason and its details", async () => {
    const error = new ConnectError("too much", Code.ResourceExhausted, undefined, [
      { desc: ErrorInfoSchema, value: { reason: "RATE_LIMITED", domain: "cairn.v1", metadata: { limit: "30" } } },
      { desc: RetryInfoSchema, value: { retryDelay: { seconds: 2n } } },
    ]);
    expect((await failing(error).ask("GET", "/things/1")).json).toEqual({
      error: {
        code: "RESOURCE_EXHAUSTED",
        message: "too much",
        details: [
          {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            reason: "RATE_LIMITED",
            domain: "cairn.v1",
            metadata: { limit: "30" },
          },
          { "@type": "type.googleapis.com/google.rpc.RetryInfo", retry_delay: "2s" },
        ],
      },
    });
  });

  const withInfo = (reason: string, field: string, message: string, code = Code.InvalidArgument) =>
    new ConnectError(message, code, undefined, [
      { desc: ErrorInfoSchema, value: { reason, domain: "cairn.v1", metadata: { field } } },
    ]);

  it.each([
    ["item.key", "item.key: is too long", "key", "key: is too long"],
    ["item.key", "the item is bad", "key", "the item is bad"],
    ["item", "item: value is required", "body", "body: value is required"],
    ["items[1].item.key", "items[1].item.key: is too long", "items[1].item.key", "items[1].item.key: is too long"],
    ["id", "id: must be a UUID", "id", "id: must be a UUID"],
  ])("names the field %s as the REST caller knows it", async (field, message, shownField, shown) => {
    const { json } = await failing(withInfo("INVALID_FIELD", field, message)).ask("PUT", "/things/1", { body: "{}" });
    expect(json).toMatchObject({ error: { message: shown, details: [{ metadata: { field: shownField } }] } });
  });

  it("keeps the field's whole name where the body is the whole message", async () => {
    const { json } = await failing(withInfo("INVALID_FIELD", "item.key", "item.key: is too long")).ask(
      "POST",
      "/things",
      { body: "{}" },
    );
    expect(json).toMatchObject({
      error: { message: "item.key: is too long", details: [{ metadata: { field: "item.key" } }] },
    });
  });

  it("is 413 where the message was too large, not 429", async () => {
    expect(
      (await failing(withInfo("REQUEST_TOO_LARGE", "body", "x", Code.ResourceExhausted)).ask("GET", "/things/1"))
        .status,
    ).toBe(413);
  });

  it("that nobody foresaw tells the caller nothing, and the server everything", async () => {
    const told: unknown[] = [];
    const { service } = failing(null);
    const secret = new Error("secret: SELECT 1");
    const gateway = createGateway({
      services: [{ service, transport: { unary: () => Promise.reject(secret), stream: () => Promise.reject(secret) } }],
      maxBodyBytes: () => 1000,
      errorDomain: "cairn.v1",
      onUnexpected: (error) => told.push(error),
    });
    const answer = await respond(gateway, "GET", "/things/1");
    const chunks = await textOf(answer!.body!);
    expect(answer!.status).toBe(500);
    expect(JSON.parse(chunks)).toEqual({
      error: {
        code: "INTERNAL",
        message: "internal error",
        details: [
          { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "INTERNAL", domain: "cairn.v1", metadata: {} },
        ],
      },
    });
    expect(told).toEqual([secret]);
  });

  it("is written by the service's own function where it has one", async () => {
    const { service, transport } = failing(new ConnectError("why", Code.NotFound));
    const renderError = (failure: Failure) => ({ error: failure.message, status: failure.status });
    const gateway = createGateway({
      services: [{ service, transport, renderError }],
      maxBodyBytes: () => 1000,
      errorDomain: "cairn.v1",
    });
    const bodyOf = async (method: string, target: string) => {
      const answer = await respond(gateway, method, target);
      return JSON.parse(await textOf(answer!.body!));
    };
    expect(await bodyOf("GET", "/things/1")).toEqual({ error: "why", status: 404 });
    expect(await bodyOf("GET", "/things/1?nope=1")).toEqual({ error: "nope: unknown query parameter", status: 400 });
    expect(await bodyOf("POST", "/things/1")).toMatchObject({ status: 405 });
  });
});

describe("a path", () => {
  it("that no route has is nobody's", async () => {
    const { gateway } = gatewayOf(spec, () => ({}));
    for (const target of [
      "/",
      "/thing",
      "/things/1/2",
      "/things/",
      "//things/1",
      "/things/1:restore2/x",
      "/test.v1.TestService/Get",
    ]) {
      expect(await respond(gateway, "GET", target), target).toBeNull();
    }
  });

  it("with a method that it lacks answers 405 and says which it has", async () => {
    const { ask } = gatewayOf(spec, () => ({}));
    const answer = await ask("POST", "/things/1", { body: "{}" });
    expect(answer.status).toBe(405);
    expect(answer.header.get("allow")).toBe("DELETE, GET, HEAD, PURGE, PUT");
    expect(answer.json).toEqual({
      error: {
        code: "UNIMPLEMENTED",
        message: "POST is not among the methods of this path: DELETE, GET, HEAD, PURGE, PUT",
        details: [
          {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            reason: "ROUTE_NOT_FOUND",
            domain: "test.v1",
            metadata: { method: "POST", allow: "DELETE, GET, HEAD, PURGE, PUT" },
          },
        ],
      },
    });
    expect((await ask("GET", "/things")).header.get("allow")).toBe("POST");
  });
});
