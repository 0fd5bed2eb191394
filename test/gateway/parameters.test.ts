import type { JsonValue } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { rejection, seen } from "./echo-service.ts";

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
    expect(await rejection("GET", `/list?${query}`)).toEqual({ status: 400, field, message });
  });

  it("refuses a parameter that the path binds", async () => {
    expect(await rejection("GET", "/list/1?id=2")).toEqual({ status: 400, field: "id", message: "id: is given twice" });
  });

  it("refuses one that belongs in the body, and any where the body is the whole message", async () => {
    expect((await rejection("PATCH", "/items/1?item.title=x", "{}")).message).toBe(
      "item.title: belongs in the body, not in the query",
    );
    expect(await rejection("POST", "/whole?a_string=x", "{}")).toEqual({
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
    expect((await rejection("GET", "/n/a/x/seven")).message).toBe(
      "an_int32: must be a whole number from -2147483648 to 2147483647",
    );
    expect(await rejection("GET", "/list/%ff")).toEqual({
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
    expect(await rejection("POST", "/keys/k1:revoke", '{"key_id":"k2"}')).toEqual({
      status: 400,
      field: "key_id",
      message: "key_id: differs from the path",
    });
  });
});
