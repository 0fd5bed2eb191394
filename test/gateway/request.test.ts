import { gzipSync } from "node:zlib";
import type { JsonValue } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { faultOf, gatewayOf } from "./harness.ts";
import type { SchemaSpec } from "./schema.ts";

const spec: SchemaSpec = {
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

const echo = (request: JsonValue) => ({ request });
const { ask } = gatewayOf(spec, echo);

const seen = async (
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

const refusal = async (method: string, target: string, body?: string | Uint8Array, headers?: Record<string, string>) =>
  faultOf(await ask(method, target, { ...(body === undefined ? {} : { body }), headers: headers ?? {} }));

describe("query parameters", () => {
  // The parameter values of grpc-gateway's runtime/query_test.go and vanguard-go's params_test.go, in proto JSON's terms.
  it.each<[query: string, JsonValue]>([
    ["a_string=hello+world", { a_string: "hello world" }],
    ["aString=a%26b%3Dc", { a_string: "a&b=c" }],
    ["a_string=", { a_string: "" }],
    ["a_bool=true", { a_bool: true }],
    ["aBool=false", { a_bool: false }],
    ["an_int32=-2", { an_int32: -2 }],
    ["an_int32=2147483647", { an_int32: 2147483647 }],
    ["an_int64=-9223372036854775808", { an_int64: "-9223372036854775808" }],
    ["a_uint32=4294967295", { a_uint32: 4294967295 }],
    ["a_uint64=18446744073709551615", { a_uint64: "18446744073709551615" }],
    ["a_double=2.5", { a_double: 2.5 }],
    ["a_double=1.7976931348623157e308", { a_double: 1.7976931348623157e308 }],
    ["a_double=NaN", { a_double: "NaN" }],
    ["a_double=-Infinity", { a_double: "-Infinity" }],
    ["a_float=1.5", { a_float: 1.5 }],
    ["a_float=Infinity", { a_float: "Infinity" }],
    ["some_bytes=YWJjMTIzIT8kKiYoKSctPUB-", { some_bytes: "YWJjMTIzIT8kKiYoKSctPUB+" }],
    ["some_bytes=YWJjMTIzIT8kKiYoKSctPUA", { some_bytes: "YWJjMTIzIT8kKiYoKSctPUA=" }],
    ["color=COLOR_RED", { color: "COLOR_RED" }],
    ["color=2", { color: "COLOR_BLUE" }],
    ["colors=COLOR_RED&colors=2", { colors: ["COLOR_RED", "COLOR_BLUE"] }],
    ["strings=a&strings=b&strings=c", { strings: ["a", "b", "c"] }],
    ["strings=a,b", { strings: ["a,b"] }],
    ["numbers=1&a_bool=true&numbers=2", { numbers: [1, 2], a_bool: true }],
    ["nested.name=x&nested.count=3&nested.tags=p&nested.tags=q", { nested: { name: "x", count: 3, tags: ["p", "q"] } }],
    ["created_after=2021-01-01T00:00:00Z", { created_after: "2021-01-01T00:00:00Z" }],
    ["createdAfter=2021-01-01T02:00:00.25%2B02:00", { created_after: "2021-01-01T00:00:00.250Z" }],
    ["some_duration=3.000000001s", { some_duration: "3.000000001s" }],
    ["read_mask=float_value,nested.doubleValue", { read_mask: "floatValue,nested.doubleValue" }],
    ["metadata=%7B%22a%22:%7B%22b%22:[1,null]%7D%7D", { metadata: { a: { b: [1, null] } } }],
    ["any_value=%22%22", { any_value: "" }],
    ["any_value=[]", { any_value: [] }],
    ["any_value=true", { any_value: true }],
    ["any_value=0", { any_value: 0 }],
    ["wrapped_int=-2", { wrapped_int: -2 }],
    ["wrapped_text=hello", { wrapped_text: "hello" }],
    [
      "times=2021-01-01T00:00:00Z&times=2022-01-01T00:00:00Z",
      { times: ["2021-01-01T00:00:00Z", "2022-01-01T00:00:00Z"] },
    ],
    ["left=x", { left: "x" }],
    ["a_string=%F0%9F%8E%88", { a_string: "🎈" }],
    ["&a_bool=true&", { a_bool: true }],
  ])("reads ?%s", async (query, message) => {
    expect(await seen("GET", `/list?${query}`)).toEqual(message);
  });

  it.each<[query: string, field: string, message: string]>([
    ["nope=1", "nope", "nope: unknown query parameter"],
    ["nested.nope=1", "nested.nope", "nested.nope: unknown query parameter"],
    ["nested_list.name=x", "nested_list.name", "nested_list.name: unknown query parameter"],
    ["created_after.seconds=1", "created_after.seconds", "created_after.seconds: unknown query parameter"],
    ["nested=1", "nested", "nested: cannot be a query parameter; name one of its fields, as in parent.child"],
    [
      "nested_list=1",
      "nested_list",
      "nested_list: cannot be a query parameter; name one of its fields, as in parent.child",
    ],
    ["a_string=1&a_string=2", "a_string", "a_string: is given twice"],
    ["a_string=1&aString=2", "a_string", "a_string: is given twice"],
    ["nested.count=1&nested.count=1", "nested.count", "nested.count: is given twice"],
    ["a_bool=yes", "a_bool", "a_bool: must be true or false"],
    ["a_bool=", "a_bool", "a_bool: must be true or false"],
    ["an_int32=9223372036854775807", "an_int32", "an_int32: must be a whole number from -2147483648 to 2147483647"],
    ["an_int32=0x10", "an_int32", "an_int32: must be a whole number from -2147483648 to 2147483647"],
    ["an_int32=1.5", "an_int32", "an_int32: must be a whole number from -2147483648 to 2147483647"],
    ["an_int32=+5", "an_int32", "an_int32: must be a whole number from -2147483648 to 2147483647"],
    ["numbers=1&numbers=x", "numbers", "numbers: must be a whole number from -2147483648 to 2147483647"],
    ["a_uint32=-1", "a_uint32", "a_uint32: must be a whole number from 0 to 4294967295"],
    [
      "an_int64=9223372036854775808",
      "an_int64",
      "an_int64: must be a whole number from -9223372036854775808 to 9223372036854775807",
    ],
    ["a_double=abc", "a_double", "a_double: must be a number within range"],
    ["a_double=", "a_double", "a_double: must be a number within range"],
    ["a_double=1e400", "a_double", "a_double: must be a number within range"],
    ["a_float=1.7976931348623157e308", "a_float", "a_float: must be a number within range"],
    ["color=COLOR_GREEN", "color", "color: must be one of COLOR_UNSPECIFIED, COLOR_RED, COLOR_BLUE"],
    ["color=color_red", "color", "color: must be one of COLOR_UNSPECIFIED, COLOR_RED, COLOR_BLUE"],
    [
      "created_after=yesterday",
      "created_after",
      "created_after: must be an RFC 3339 timestamp such as 2030-01-31T12:00:00Z",
    ],
    [
      "created_after=2021-02-30T00:00:00Z",
      "created_after",
      "created_after: must be an RFC 3339 timestamp such as 2030-01-31T12:00:00Z",
    ],
    [
      "created_after=2021-13-01T00:00:00Z",
      "created_after",
      "created_after: must be an RFC 3339 timestamp such as 2030-01-31T12:00:00Z",
    ],
    [
      "times=2021-01-01T00:00:00Z&times=x",
      "times[1]",
      "times[1]: must be an RFC 3339 timestamp such as 2030-01-31T12:00:00Z",
    ],
    ["some_duration=5", "some_duration", 'some_duration: must be a duration in seconds such as "1.5s"'],
    ["some_duration=5secs", "some_duration", 'some_duration: must be a duration in seconds such as "1.5s"'],
    ["metadata=[]", "metadata", "metadata: must be a JSON object, at most 100 levels deep"],
    ["metadata=%7B", "metadata", "metadata: is not valid JSON at character 1"],
    ["metadata=%7B%22a%22:1,%22a%22:2%7D", "metadata", 'metadata: holds the key "a" twice'],
    ["some_bytes=!", "some_bytes", "some_bytes: must be base64"],
    ["left=x&right=y", "right", "right: excludes left"],
    ["a_string=%ff", "a_string", "a_string: is not valid percent-encoded UTF-8"],
    ["a_string=%zz", "a_string", "a_string: is not valid percent-encoded UTF-8"],
    ["%ff=1", "query", "query: is not valid percent-encoded UTF-8"],
    ["__proto__=1", "__proto__", "__proto__: unknown query parameter"],
  ])("refuses ?%s, naming the field", async (query, field, message) => {
    expect(await refusal("GET", `/list?${query}`)).toEqual({ status: 400, field, message });
  });

  it("refuses a parameter that the path binds", async () => {
    expect(await refusal("GET", "/list/1?id=2")).toEqual({ status: 400, field: "id", message: "id: is given twice" });
  });

  it("refuses one that belongs in the body, and any where the body is the whole message", async () => {
    expect((await refusal("PATCH", "/items/1?item.title=x", "{}")).message).toBe(
      "item.title: belongs in the body, not in the query",
    );
    expect(await refusal("POST", "/whole?a_string=x", "{}")).toEqual({
      status: 400,
      field: "a_string",
      message: "a_string: unknown query parameter; this route takes its fields in the body",
    });
  });
});

describe("path variables", () => {
  it("decodes one segment, and several with their slashes", async () => {
    expect(await seen("GET", "/list/a%2Fb%20c+d")).toEqual({ id: "a/b c+d" });
    expect(await seen("GET", "/n/a/x%2Fy/7")).toEqual({ nested: { name: "a/x%2Fy" }, an_int32: 7 });
  });

  it("refuses text that is no value of the field", async () => {
    expect((await refusal("GET", "/n/a/x/seven")).message).toBe(
      "an_int32: must be a whole number from -2147483648 to 2147483647",
    );
    expect(await refusal("GET", "/list/%ff")).toEqual({
      status: 400,
      field: "path",
      message: "path: is not valid percent-encoded UTF-8",
    });
  });

  it("may be repeated by the body, and not contradicted", async () => {
    expect(await seen("POST", "/keys/k1:revoke", { keyId: "k1", reason: "lost" })).toEqual({
      key_id: "k1",
      reason: "lost",
    });
    expect(await refusal("POST", "/keys/k1:revoke", '{"key_id":"k2"}')).toEqual({
      status: 400,
      field: "key_id",
      message: "key_id: differs from the path",
    });
  });
});

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
    expect((await refusal("PUT", "/tags/1", '{"a":1}')).message).toBe("tags: must be a JSON array");
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
    expect(await refusal("POST", "/whole", body)).toEqual({ status: 400, field, message });
  });

  it("refuses a duplicate key deep inside", async () => {
    expect((await refusal("POST", "/whole", '{"metadata":{"list":[{"k":"}\\"","k":2}]}}')).message).toBe(
      "k: is given twice",
    );
  });

  it("refuses nesting without end, and lives on", async () => {
    const deep = `{"metadata":${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}}`;
    expect((await refusal("POST", "/whole", deep)).message).toBe(
      "metadata: must be a JSON object, at most 100 levels deep",
    );
    expect((await refusal("POST", "/whole", "[".repeat(500_000))).status).toBe(400);
  });

  it("refuses invalid UTF-8", async () => {
    const bytes = Buffer.from('{"a_string":"\xff"}', "latin1");
    expect(await refusal("POST", "/whole", bytes)).toEqual({
      status: 400,
      field: "body",
      message: "body: is not valid UTF-8",
    });
  });

  it("refuses a lone surrogate, and passes on a NUL character, which is for validation to judge", async () => {
    expect(await refusal("POST", "/whole", '{"nested":{"name":"\\ud800"}}')).toEqual({
      status: 400,
      field: "nested.name",
      message: "nested.name: must be a string of well-formed Unicode",
    });
    expect(await seen("POST", "/whole", { a_string: "a\0b" })).toEqual({ a_string: "a\0b" });
    expect((await ask("POST", "/whole", { body: '{"metadata":{"a":"\\ud800"}}' })).status).toBe(200);
  });

  it("refuses a body where the route takes none, as it might carry what would then not happen", async () => {
    expect(await refusal("DELETE", "/items/1", '{"expected_revision":3}')).toEqual({
      status: 400,
      field: "body",
      message: "body: this route takes none",
    });
  });

  it("drops unknown fields and bodies where the service says so, and no query parameters", async () => {
    const { ask: lenient } = gatewayOf({ ...spec, ignoreUnknown: true }, echo);
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
    expect(await refusal("POST", "/whole", gzip, { "content-encoding": "br" })).toMatchObject({
      status: 415,
      field: "content-encoding",
    });
    expect((await refusal("POST", "/whole", "{}", { "content-encoding": "gzip" })).message).toBe(
      "body: is not valid gzip",
    );
    expect((await refusal("POST", "/whole", gzip.subarray(0, 20), { "content-encoding": "gzip" })).message).toBe(
      "body: is not valid gzip",
    );
  });

  it("refuses a body over the limit, whether declared, sent, or unpacked", async () => {
    const { ask: small } = gatewayOf(spec, echo, { maxBodyBytes: (method) => (method.name === "Post" ? 100 : 1_000) });
    const long = `{"a_string":"${"x".repeat(200)}"}`;
    const expected = { status: 413, field: "body", message: "body: is larger than 100 bytes" };
    expect(faultOf(await small("POST", "/whole", { body: long }))).toEqual(expected);
    expect(faultOf(await small("POST", "/whole", { body: "{}", headers: { "content-length": "101" } }))).toEqual(
      expected,
    );
    const bomb = gzipSync(`{"a_string":"${"x".repeat(10_000_000)}"}`);
    const { ask: bounded } = gatewayOf(spec, echo, { maxBodyBytes: () => 20_000 });
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
    expect(await refusal("PATCH", "/items/1", '{"nope":1}')).toEqual({
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
