import { describe, expect, it } from "vitest";
import { httpBindings } from "../../src/gateway/http-rule.ts";
import { gatewayOf } from "./harness.ts";
import { type MethodSpec, type SchemaSpec, schemaOf } from "./schema.ts";

const messages: SchemaSpec["messages"] = {
  Request: {
    id: "string",
    nested: "Nested",
    tags: "string*",
    at: "google.protobuf.Timestamp",
    update_mask: "google.protobuf.FieldMask",
  },
  Nested: { name: "string" },
  Answer: { color: "Color", nested: "Nested" },
};

const method = (more: Partial<MethodSpec> = {}): MethodSpec => ({
  input: "Request",
  output: "Answer",
  http: { pattern: { case: "post", value: "/a/{id}" }, body: "*" },
  ...more,
});

const starting = (methods: SchemaSpec["methods"]) => () => gatewayOf({ messages, methods }, () => ({}));

describe("createGateway()", () => {
  it("starts where every rule is sound", () => {
    expect(starting({ One: method() })).not.toThrow();
  });

  it.each<[why: string, message: string, methods: SchemaSpec["methods"]]>([
    [
      "an RPC has no rule",
      "test.v1.TestService.Two: no google.api.http rule",
      { One: method(), Two: { input: "Request", output: "Answer" } },
    ],
    [
      "two routes are equal",
      "test.v1.TestService.Two: POST /a/{nested.name}: another route has the same method and path",
      { One: method(), Two: method({ http: { pattern: { case: "post", value: "/a/{nested.name}" }, body: "*" } }) },
    ],
    [
      "an additional binding equals a route",
      "another route has the same method and path",
      {
        One: method({
          http: {
            pattern: { case: "get", value: "/b" },
            additionalBindings: [{ pattern: { case: "get", value: "/b" } }],
          },
        }),
      },
    ],
    ["a rule has no pattern", "names no method and path", { One: method({ http: { body: "*" } }) }],
    [
      "a template is malformed",
      "syntax error at column 3",
      { One: method({ http: { pattern: { case: "get", value: "/{1}" } } }) },
    ],
    [
      "a variable is no field",
      "path variable names no field: nope",
      { One: method({ http: { pattern: { case: "get", value: "/{nope}" } } }) },
    ],
    [
      "a variable goes through a scalar",
      "path variable names no field: id.x",
      { One: method({ http: { pattern: { case: "get", value: "/{id.x}" } } }) },
    ],
    [
      "a variable is a list",
      "path variable is no single value: tags",
      { One: method({ http: { pattern: { case: "get", value: "/{tags}" } } }) },
    ],
    [
      "a variable is a message",
      "path variable is no single value: nested",
      { One: method({ http: { pattern: { case: "get", value: "/{nested}" } } }) },
    ],
    [
      "the body is no field",
      "body names no field: nope",
      { One: method({ http: { pattern: { case: "post", value: "/b" }, body: "nope" } }) },
    ],
    [
      "GET has a body",
      "GET takes no body",
      { One: method({ http: { pattern: { case: "get", value: "/b" }, body: "*" } }) },
    ],
    [
      "the response body is no field",
      "response_body names no field: nope",
      { One: method({ http: { pattern: { case: "get", value: "/b" }, responseBody: "nope" } }) },
    ],
    ["a client stream has a rule", "a client stream has no HTTP form", { One: method({ stream: "client" }) }],
    ["a status is no success", "success_status: 404 is no success", { One: method({ status: { otherwise: 404 } }) }],
    [
      "a status names no field",
      "success_status: nope is no enum or scalar",
      { One: method({ status: { field: "nope" } }) },
    ],
    [
      "a status names a message",
      "success_status: nested is no enum or scalar",
      { One: method({ status: { field: "nested" } }) },
    ],
    [
      "a status names an unknown value",
      "success_status: GREEN is no value of color",
      { One: method({ status: { field: "color", cases: [{ value: "GREEN", status: 201 }] } }) },
    ],
    [
      "cases stand without a field",
      "success_status: cases without a field",
      { One: method({ status: { cases: [{ value: "x", status: 201 }] } }) },
    ],
  ])("refuses to start where %s", (_, message, methods) => {
    expect(starting(methods)).toThrow(message);
  });
});

describe("httpBindings()", () => {
  it("reads a rule and its additional bindings, each with what it says itself", () => {
    const { service } = schemaOf({
      messages,
      methods: {
        One: method({
          http: {
            pattern: { case: "patch", value: "/a/{id}" },
            body: "nested",
            responseBody: "nested",
            additionalBindings: [{ pattern: { case: "get", value: "/b/{at}" } }],
          },
          status: { otherwise: 201 },
        }),
      },
    });
    const bindings = httpBindings(service).map((b) => [
      b.httpMethod,
      b.path,
      b.body.kind,
      b.responseBody?.name,
      b.maskedResource?.name,
      b.status.possible,
    ]);
    expect(bindings).toEqual([
      ["PATCH", "/a/{id}", "field", "nested", "Nested", [201]],
      ["GET", "/b/{at}", "none", undefined, undefined, [201]],
    ]);
  });
});
