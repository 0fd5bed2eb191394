import { gzipSync } from "node:zlib";
import type { JsonValue } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { ask, echo, echoSpec, rejection, seen } from "./echo-service.ts";
import { faultOf, gatewayOf } from "./harness.ts";

describe("request bodies", () => {
  it("takes both spellings of a field", async () => {
    expect(await seen("POST", "/whole", { aString: "x", an_int32: 1 })).toEqual({ a_string: "x", an_int32: 1 });
  });

  it("takes none for an empty message", async () => {
    expect(await seen("POST", "/whole")).toEqual({});
    expect(
      await seen("POST", "/keys/k1:revoke", undefined, {
        "content-type": "application/x-www-form-urlencoded",
        "content-length": "0",
      }),
    ).toEqual({
      key_id: "k1",
    });
  });

  it("takes a field that is no message", async () => {
    expect(await seen("PUT", "/tags/1", ["a", "b"])).toEqual({ id: "1", tags: ["a", "b"] });
    expect((await rejection("PUT", "/tags/1", '{"a":1}')).message).toBe("tags: must be a JSON array");
  });

  it("takes masks in either spelling", async () => {
    expect(await seen("POST", "/whole", { read_mask: "source_kind,nestedList" })).toEqual({
      read_mask: "sourceKind,nestedList",
    });
  });

  it.each<[body: string, field: string, message: string]>([
    ["{", "body", "body: is not valid JSON at character 1"],
    ["nonsense", "body", "body: is not valid JSON"],
    [" ", "body", "body: is not valid JSON"],
    ["[]", "body", "body: must be a JSON object"],
    ["null", "body", "body: must be a JSON object"],
    ['"text"', "body", "body: must be a JSON object"],
    ['{"nope":1}', "nope", "nope: unknown field"],
    ['{"__proto__":1}', "__proto__", "__proto__: unknown field"],
    ['{"constructor":1}', "constructor", "constructor: unknown field"],
    ['{"nested":{"nope":1}}', "nested.nope", "nested.nope: unknown field"],
    [
      '{"nested_list":[{},{"count":"x"}]}',
      "nested_list[1].count",
      "nested_list[1].count: must be a whole number from -2147483648 to 2147483647",
    ],
    ['{"nested_list":[null]}', "nested_list[0]", "nested_list[0]: must be a JSON object"],
    ['{"nested":[]}', "nested", "nested: must be a JSON object"],
    ['{"a_string":1}', "a_string", "a_string: must be a string of well-formed Unicode"],
    ['{"a_bool":"true"}', "a_bool", "a_bool: must be true or false"],
    ['{"an_int32":1.5}', "an_int32", "an_int32: must be a whole number from -2147483648 to 2147483647"],
    ['{"a_double":"x"}', "a_double", "a_double: must be a number within range"],
    ['{"strings":"a"}', "strings", "strings: must be a JSON array"],
    ['{"strings":["a",2]}', "strings[1]", "strings[1]: must be a string of well-formed Unicode"],
    ['{"color":"RED"}', "color", "color: must be one of COLOR_UNSPECIFIED, COLOR_RED, COLOR_BLUE"],
    [
      '{"created_after":"2021-01-01"}',
      "created_after",
      "created_after: must be an RFC 3339 timestamp such as 2030-01-31T12:00:00Z",
    ],
    ['{"metadata":[]}', "metadata", "metadata: must be a JSON object, at most 100 levels deep"],
    ['{"left":"x","right":"y"}', "right", "right: excludes left"],
    ['{"a_string":"x","aString":"y"}', "a_string", "a_string: is given twice, in two spellings"],
    ['{"a_string":"x","a_string":"y"}', "a_string", "a_string: is given twice"],
    ['{"a_string":"x","\\u0061_string":"y"}', "a_string", "a_string: is given twice"],
  ])("refuses %s, naming the field", async (body, field, message) => {
    expect(await rejection("POST", "/whole", body)).toEqual({ status: 400, field, message });
  });

  it("refuses a duplicate key deep inside", async () => {
    expect((await rejection("POST", "/whole", '{"metadata":{"list":[{"k":"}\\"","k":2}]}}')).message).toBe(
      "k: is given twice",
    );
  });

  it("refuses nesting without end, and lives on", async () => {
    const deep = `{"metadata":${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}}`;
    expect((await rejection("POST", "/whole", deep)).message).toBe(
      "metadata: must be a JSON object, at most 100 levels deep",
    );
    expect((await rejection("POST", "/whole", "[".repeat(500_000))).status).toBe(400);
  });

  it("refuses invalid UTF-8", async () => {
    const bytes = Buffer.from('{"a_string":"\xff"}', "latin1");
    expect(await rejection("POST", "/whole", bytes)).toEqual({
      status: 400,
      field: "body",
      message: "body: is not valid UTF-8",
    });
  });

  it("refuses a lone surrogate, and passes on a NUL character, which is for validation to judge", async () => {
    expect(await rejection("POST", "/whole", '{"nested":{"name":"\\ud800"}}')).toEqual({
      status: 400,
      field: "nested.name",
      message: "nested.name: must be a string of well-formed Unicode",
    });
    expect(await seen("POST", "/whole", { a_string: "a\0b" })).toEqual({ a_string: "a\0b" });
    expect((await ask("POST", "/whole", { body: '{"metadata":{"a":"\\ud800"}}' })).status).toBe(200);
  });

  it("refuses a body where the route takes none, as it might carry what would then not happen", async () => {
    expect(await rejection("DELETE", "/items/1", '{"expected_revision":3}')).toEqual({
      status: 400,
      field: "body",
      message: "body: this route takes none",
    });
  });

  it("drops unknown fields and bodies where the service says so, and no query parameters", async () => {
    const { ask: lenient } = gatewayOf({ ...echoSpec, ignoreUnknown: true }, echo);
    const answer = await lenient("POST", "/whole", { body: '{"nope":1,"nested":{"nope":2,"name":"x"}}' });
    expect(answer.json).toEqual({ request: { nested: { name: "x" } } });
    expect((await lenient("DELETE", "/items/1", { body: '{"nope":1}' })).status).toBe(200);
    expect((await lenient("GET", "/list?nope=1")).status).toBe(400);
    expect(faultOf(await lenient("POST", "/whole", { body: '{"nope":1,"a_bool":2}' })).message).toBe(
      "a_bool: must be true or false",
    );
  });

  it.each([
    "application/json",
    "application/json; charset=utf-8",
    'Application/JSON; Charset="UTF-8"',
    "application/merge-patch+json",
  ])("accepts %s", async (type) => {
    expect(await seen("POST", "/whole", { a_bool: true }, { "content-type": type })).toEqual({ a_bool: true });
  });

  it.each([
    "application/x-www-form-urlencoded",
    "text/plain",
    "application/jsonx",
    "application/json; charset=latin1",
    "nonsense",
  ])("refuses %s with 415", async (type) => {
    const answer = await ask("POST", "/whole", { body: "{}", headers: { "content-type": type } });
    expect(faultOf(answer)).toEqual({
      status: 415,
      field: "content-type",
      message: "content-type: must be application/json",
    });
    expect(answer.header.get("accept")).toBe("application/json");
  });

  it("reads gzip, and refuses other encodings and broken gzip", async () => {
    const gzip = gzipSync('{"a_string":"packed"}');
    expect(await seen("POST", "/whole", gzip, { "content-encoding": "gzip" })).toEqual({ a_string: "packed" });
    expect(await rejection("POST", "/whole", gzip, { "content-encoding": "br" })).toMatchObject({
      status: 415,
      field: "content-encoding",
    });
    expect((await rejection("POST", "/whole", "{}", { "content-encoding": "gzip" })).message).toBe(
      "body: is not valid gzip",
    );
    expect((await rejection("POST", "/whole", gzip.subarray(0, 20), { "content-encoding": "gzip" })).message).toBe(
      "body: is not valid gzip",
    );
  });

  it("refuses a body over the limit, whether declared, sent, or unpacked", async () => {
    const { ask: small } = gatewayOf(echoSpec, echo, {
      maxBodyBytes: (method) => (method.name === "Post" ? 100 : 1_000),
    });
    const long = `{"a_string":"${"x".repeat(200)}"}`;
    const expected = { status: 413, field: "body", message: "body: is larger than 100 bytes" };
    expect(faultOf(await small("POST", "/whole", { body: long }))).toEqual(expected);
    expect(faultOf(await small("POST", "/whole", { body: "{}", headers: { "content-length": "101" } }))).toEqual(
      expected,
    );
    const bomb = gzipSync(`{"a_string":"${"x".repeat(10_000_000)}"}`);
    const { ask: bounded } = gatewayOf(echoSpec, echo, { maxBodyBytes: () => 20_000 });
    expect(bomb.byteLength).toBeLessThan(20_000);
    expect(faultOf(await bounded("POST", "/whole", { body: bomb, headers: { "content-encoding": "gzip" } }))).toEqual({
      ...expected,
      message: "body: is larger than 20000 bytes",
    });
    expect((await small("PATCH", "/items/1", { body: `{"title":"${"x".repeat(200)}"}` })).status).toBe(200);
  });
});

describe("an update mask that the caller leaves empty", () => {
  const mask = async (body: JsonValue, query = "") => {
    const request = (await seen("PATCH", `/items/1${query}`, body)) as { update_mask?: string };
    return request.update_mask?.split(",");
  };

  it("is filled with the body's own top-level keys", async () => {
    expect(await mask({ title: "x", tags: ["a"], nested: { name: "n" } })).toEqual(["title", "tags", "nested"]);
  });

  it("holds keys that are null or empty, in either spelling", async () => {
    expect(await mask({ tags: [], expire_time: null, sourceKind: "" })).toEqual(["tags", "expireTime", "sourceKind"]);
  });

  it("yields to a mask that the caller names, in either spelling", async () => {
    expect(await mask({ title: "x", tags: [] }, "?update_mask=source_kind,title")).toEqual(["sourceKind", "title"]);
    expect(await mask({ title: "x" }, "?updateMask=sourceKind")).toEqual(["sourceKind"]);
    expect(await mask({ title: "x" }, "?update_mask=")).toEqual(["title"]);
  });

  it("stays empty for an empty object and for no body", async () => {
    expect((await seen("PATCH", "/items/1", {})) as object).toEqual({ item_id: "1", item: {}, update_mask: "" });
    expect((await seen("PATCH", "/items/1")) as object).toEqual({ item_id: "1" });
  });

  it("stays empty for PUT, which replaces", async () => {
    expect(await seen("PUT", "/items/1", { title: "x" })).toEqual({ item_id: "1", item: { title: "x" } });
  });

  it("refuses unknown keys by name", async () => {
    expect(await rejection("PATCH", "/items/1", '{"nope":1}')).toEqual({
      status: 400,
      field: "nope",
      message: "nope: unknown field",
    });
  });

  it("leaves the other fields of the request to the query", async () => {
    expect(await seen("PATCH", "/items/1?expected_revision=3", { title: "x" })).toEqual({
      item_id: "1",
      item: { title: "x" },
      update_mask: "title",
      expected_revision: 3,
    });
  });
});
