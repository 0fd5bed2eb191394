import type { JsonValue } from "@bufbuild/protobuf";
import { expect } from "vitest";
import { faultOf, gatewayOf } from "./harness.ts";
import type { SchemaSpec } from "./schema.ts";

/** A service whose methods take every kind of field in every way, and answer the request that they were called with. */
export const echoSpec: SchemaSpec = {
  messages: {
    Nested: { name: "string", count: "int32", tags: "string*" },
    Item: {
      title: "string",
      text: "string?",
      tags: "string*",
      nested: "Nested",
      nested_list: "Nested*",
      confidence: "double?",
      color: "Color",
      expire_time: "google.protobuf.Timestamp?",
      metadata: "google.protobuf.Struct",
      source_kind: "string?",
    },
    Everything: {
      id: "string",
      a_string: "string?",
      a_bool: "bool?",
      an_int32: "int32?",
      an_int64: "int64?",
      a_uint32: "uint32?",
      a_uint64: "uint64?",
      a_double: "double?",
      a_float: "float?",
      some_bytes: "bytes?",
      color: "Color?",
      colors: "Color*",
      strings: "string*",
      numbers: "int32*",
      nested: "Nested",
      nested_list: "Nested*",
      created_after: "google.protobuf.Timestamp",
      some_duration: "google.protobuf.Duration",
      read_mask: "google.protobuf.FieldMask",
      metadata: "google.protobuf.Struct",
      any_value: "google.protobuf.Value",
      wrapped_int: "google.protobuf.Int32Value",
      wrapped_text: "google.protobuf.StringValue",
      times: "google.protobuf.Timestamp*",
      "choice.left": "string",
      "choice.right": "string",
    },
    UpdateRequest: {
      item_id: "string",
      item: "Item",
      update_mask: "google.protobuf.FieldMask",
      expected_revision: "int32?",
    },
    RevokeRequest: { key_id: "string", reason: "string", number: "int32" },
    WriteTags: { id: "string", tags: "string*" },
    Answer: { request: "google.protobuf.Struct" },
  },
  methods: {
    List: { input: "Everything", output: "Answer", http: { pattern: { case: "get", value: "/list" } } },
    Get: { input: "Everything", output: "Answer", http: { pattern: { case: "get", value: "/list/{id}" } } },
    Nested: {
      input: "Everything",
      output: "Answer",
      http: { pattern: { case: "get", value: "/n/{nested.name=a/*}/{an_int32}" } },
    },
    Post: { input: "Everything", output: "Answer", http: { pattern: { case: "post", value: "/whole" }, body: "*" } },
    Revoke: {
      input: "RevokeRequest",
      output: "Answer",
      http: { pattern: { case: "post", value: "/keys/{key_id}:revoke" }, body: "*" },
    },
    Update: {
      input: "UpdateRequest",
      output: "Answer",
      http: { pattern: { case: "patch", value: "/items/{item_id}" }, body: "item" },
    },
    Replace: {
      input: "UpdateRequest",
      output: "Answer",
      http: { pattern: { case: "put", value: "/items/{item_id}" }, body: "item" },
    },
    Tag: {
      input: "WriteTags",
      output: "Answer",
      http: { pattern: { case: "put", value: "/tags/{id}" }, body: "tags" },
    },
    Delete: {
      input: "UpdateRequest",
      output: "Answer",
      http: { pattern: { case: "delete", value: "/items/{item_id}" } },
    },
  },
};

export const echo = (request: JsonValue) => ({ request });
export const { ask } = gatewayOf(echoSpec, echo);

/** The request that the method saw. */
export const seen = async (
  method: string,
  target: string,
  body?: JsonValue | Uint8Array,
  headers?: Record<string, string>,
) => {
  const bytes = body instanceof Uint8Array ? body : body === undefined ? undefined : JSON.stringify(body);
  const answer = await ask(method, target, { ...(bytes === undefined ? {} : { body: bytes }), headers: headers ?? {} });
  expect(answer.text).toContain('{"request"');
  return (answer.json as { request: JsonValue }).request;
};

/** Status, field and message of a rejection. */
export const rejection = async (
  method: string,
  target: string,
  body?: string | Uint8Array,
  headers?: Record<string, string>,
) => faultOf(await ask(method, target, { ...(body === undefined ? {} : { body }), headers: headers ?? {} }));
