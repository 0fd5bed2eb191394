import { describe, expect, it } from "vitest";
import { type PathVariable, parsePathTemplate } from "../../src/gateway/path-template.ts";

const v = (fieldPath: string, start: number, end: number): PathVariable => ({ fieldPath, start, end });

interface Good {
  readonly template: string;
  readonly segments: readonly string[];
  readonly verb?: string;
  readonly variables?: readonly PathVariable[];
}

// The templates of vanguard-go's path_parser_test.go.
const vanguardGood: readonly Good[] = [
  {
    template: "/my%2fcool-blog~about%2Cstuff%5Bwat%5D/{var={abc=%2F%2A}/{def=%2F%2A/**}}:baz",
    segments: ["my%2Fcool-blog~about%2Cstuff%5Bwat%5D", "%2F%2A", "%2F%2A", "**"],
    verb: "baz",
    variables: [v("var", 1, -1), v("abc", 1, 2), v("def", 2, -1)],
  },
  { template: "/{_}", segments: ["*"], variables: [v("_", 0, 1)] },
  // Its "%12xyz%abcde" verb: an escape is two digits, and hex is upper case.
  { template: "/foo/bar:baz%12xyz%abcde", segments: ["foo", "bar"], verb: "baz%12xyz%ABcde" },
  { template: "/{hello}/world", segments: ["*", "world"], variables: [v("hello", 0, 1)] },
  { template: "/f/bar", segments: ["f", "bar"] },
  {
    template: "/v1/{name=shelves/*/books/*}",
    segments: ["v1", "shelves", "*", "books", "*"],
    variables: [v("name", 1, 5)],
  },
  {
    template: "/v1/{parent=shelves/*}/books",
    segments: ["v1", "shelves", "*", "books"],
    variables: [v("parent", 1, 3)],
  },
  {
    template: "/v1/{book.name=shelves/*/books/*}",
    segments: ["v1", "shelves", "*", "books", "*"],
    variables: [v("book.name", 1, 5)],
  },
  { template: "/v1:watch", segments: ["v1"], verb: "watch" },
  { template: "/v3/events:clear", segments: ["v3", "events"], verb: "clear" },
  {
    template: "/v3/{name=events/*}:cancel",
    segments: ["v3", "events", "*"],
    verb: "cancel",
    variables: [v("name", 1, 3)],
  },
  { template: "/foo/bar/baz/buzz", segments: ["foo", "bar", "baz", "buzz"] },
  { template: "/foo/bar/{name}", segments: ["foo", "bar", "*"], variables: [v("name", 2, 3)] },
  {
    template: "/foo/bar/{name}/baz/{child}",
    segments: ["foo", "bar", "*", "baz", "*"],
    variables: [v("name", 2, 3), v("child", 4, 5)],
  },
  {
    template: "/foo/bar/{name}/baz/{child.id}/buzz/{child.thing.id}",
    segments: ["foo", "bar", "*", "baz", "*", "buzz", "*"],
    variables: [v("name", 2, 3), v("child.id", 4, 5), v("child.thing.id", 6, 7)],
  },
  {
    template: "/foo/bar/*/{thing.id}/{cat=**}",
    segments: ["foo", "bar", "*", "*", "**"],
    variables: [v("thing.id", 3, 4), v("cat", 4, -1)],
  },
  {
    template: "/foo/bar/*/{thing.id}/{cat=**}:do",
    segments: ["foo", "bar", "*", "*", "**"],
    verb: "do",
    variables: [v("thing.id", 3, 4), v("cat", 4, -1)],
  },
  {
    template: "/foo/bar/*/{thing.id}/{cat=**}:cancel",
    segments: ["foo", "bar", "*", "*", "**"],
    verb: "cancel",
    variables: [v("thing.id", 3, 4), v("cat", 4, -1)],
  },
  {
    template: "/foo/bob/{book_id={author}/{isbn}/*}/details",
    segments: ["foo", "bob", "*", "*", "*", "details"],
    variables: [v("book_id", 2, 5), v("author", 2, 3), v("isbn", 3, 4)],
  },
  {
    template:
      "/foo/blah/{longest_var={long_var.a={medium.a={short.aa}/*/{short.ab}/foo}/*}/{long_var.b={medium.b={short.ba}/*/{short.bb}/foo}/{last=**}}}:details",
    segments: ["foo", "blah", "*", "*", "*", "foo", "*", "*", "*", "*", "foo", "**"],
    verb: "details",
    variables: [
      v("longest_var", 2, -1),
      v("long_var.a", 2, 7),
      v("medium.a", 2, 6),
      v("short.aa", 2, 3),
      v("short.ab", 4, 5),
      v("long_var.b", 7, -1),
      v("medium.b", 7, 11),
      v("short.ba", 7, 8),
      v("short.bb", 9, 10),
      v("last", 11, -1),
    ],
  },
  {
    template: "/foo%2Fbar/%2A/%2A%2a/{starstar=%2A%2a/**}:%2c",
    segments: ["foo%2Fbar", "%2A", "%2A%2A", "%2A%2A", "**"],
    verb: "%2C",
    variables: [v("starstar", 3, -1)],
  },
];

const vanguardBad: readonly (readonly [template: string, message: string])[] = [
  ["/{1}", "syntax error at column 3: expected identifier"],
  ["/{field.1}", "syntax error at column 9: expected identifier"],
  ["/{-}", "syntax error at column 3: expected identifier"],
  ["/{field-}", "syntax error at column 8: expected '}', got '-'"],
  ["/foo/bar/baz?abc=def", "syntax error at column 13: unexpected '?'"],
  ["/foo/bar/baz buzz", "syntax error at column 13: unexpected ' '"],
  ["foo/bar/baz", "syntax error at column 1: expected '/', got 'f'"],
  ["/foo/bar/", "syntax error at column 9: expected path value"],
  ["/foo/bar:baz/buzz", "syntax error at column 13: unexpected '/'"],
  ["/foo/{bar/baz}/buzz", "syntax error at column 10: expected '}', got '/'"],
  ["/foo/bar%55:baz%1", "syntax error at column 17: invalid URL escape"],
  ["/foo/bar*", "syntax error at column 9: unexpected '*'"],
  ["/foo/bar/***", "syntax error at column 12: unexpected '*'"],
  ["/foo/**/bar", "double wildcard '**' must be the final path segment"],
  ["/{a}/{a}", 'duplicate variable "a"'],
];

// Those of grpc-gateway's internal/httprule/parse_test.go that http.proto's grammar allows. Left out: literals and verbs with
// colons inside (`a=b&c=d;e=f:g`, `:bla:baa`), an empty verb, and the root path.
const grpcGatewayGood: readonly Good[] = [
  { template: "/v1", segments: ["v1"] },
  { template: "/v1/endpoint/*", segments: ["v1", "endpoint", "*"] },
  { template: "/v1/endpoint/**:LOCK", segments: ["v1", "endpoint", "**"], verb: "LOCK" },
  { template: "/v1/b/{bucket_name=*}", segments: ["v1", "b", "*"], variables: [v("bucket_name", 2, 3)] },
  {
    template: "/v1/b/{bucket_name=buckets/*}/o/{name}",
    segments: ["v1", "b", "buckets", "*", "o", "*"],
    variables: [v("bucket_name", 2, 4), v("name", 5, 6)],
  },
  { template: "/v1/a/{endpoint}:a", segments: ["v1", "a", "*"], verb: "a", variables: [v("endpoint", 2, 3)] },
  {
    template: "/%e7%ac%ac%e4%b8%80%e7%89%88",
    segments: ["%E7%AC%AC%E4%B8%80%E7%89%88"],
  },
  {
    template: "/v1/{name.nested.nested2=a/b/*}/o/{another_name=a/b/*/c}/**",
    segments: ["v1", "a", "b", "*", "o", "a", "b", "*", "c", "**"],
    variables: [v("name.nested.nested2", 1, 4), v("another_name", 5, 9)],
  },
];

const grpcGatewayBad = [
  "v1/{name}",
  "//",
  "/a?b",
  "/%",
  "/%2",
  "/a%2z",
  "/{name",
  "/{name=",
  "/{name=*",
  "/{name.}",
  "/{name..nested}",
  "/{field-name}",
  "/v1{name}",
];

// Those of grpc-httpjson-transcoding's http_template_test.cc. It differs from http.proto and from us in three things: it takes
// the root path, lets segments follow a double wildcard, and refuses nested variables.
const transcodingGood: readonly Good[] = [
  {
    template: "/shelves/{shelf}/books/{book}",
    segments: ["shelves", "*", "books", "*"],
    variables: [v("shelf", 1, 2), v("book", 3, 4)],
  },
  { template: "/shelves/**", segments: ["shelves", "**"] },
  { template: "/**", segments: ["**"] },
  { template: "/*", segments: ["*"] },
  { template: "/a:foo", segments: ["a"], verb: "foo" },
  { template: "/a/b/c:foo", segments: ["a", "b", "c"], verb: "foo" },
  { template: "/*/**", segments: ["*", "**"] },
  { template: "/*/a/**", segments: ["*", "a", "**"] },
  { template: "/a/{a.b.c}", segments: ["a", "*"], variables: [v("a.b.c", 1, 2)] },
  { template: "/a/{a.b.c=*}", segments: ["a", "*"], variables: [v("a.b.c", 1, 2)] },
  { template: "/a/{b=**}", segments: ["a", "**"], variables: [v("b", 1, -1)] },
  { template: "/a/{b=c/*}", segments: ["a", "c", "*"], variables: [v("b", 1, 3)] },
  { template: "/a/{b=c/*/d}", segments: ["a", "c", "*", "d"], variables: [v("b", 1, 4)] },
  { template: "/a/{b=c/**}", segments: ["a", "c", "**"], variables: [v("b", 1, -1)] },
  { template: "/*:verb", segments: ["*"], verb: "verb" },
  { template: "/**:verb", segments: ["**"], verb: "verb" },
  { template: "/{a}:verb", segments: ["*"], verb: "verb", variables: [v("a", 0, 1)] },
  { template: "/a/b/{a}:verb", segments: ["a", "b", "*"], verb: "verb", variables: [v("a", 2, 3)] },
  { template: "/{x=a/*}", segments: ["a", "*"], variables: [v("x", 0, 2)] },
  { template: "/{x.y.z=*/a/b}/c", segments: ["*", "a", "b", "c"], variables: [v("x.y.z", 0, 3)] },
  { template: "/{x.y.z=*/*}:verb", segments: ["*", "*"], verb: "verb", variables: [v("x.y.z", 0, 2)] },
  { template: "/{x.y.z=**}:myverb", segments: ["**"], verb: "myverb", variables: [v("x.y.z", 0, -1)] },
  { template: "/a/{b=*}/**:verb", segments: ["a", "*", "**"], verb: "verb", variables: [v("b", 1, 2)] },
];

const transcodingBad = [
  ...["", "//", "/{}", "/a/", "/a//b", ":verb", "/:verb", "/a/:verb", ":", "/:", "/*:", "/**:", "/{var}:", "/a/b/:"],
  ...["/a/b/*:", "/a/b/**:", "/a/b/{var}:", "/a/{", "/a/{var", "/a/{var.", "/a/{x=var:verb}", "a", "{x}", "{x=/a}"],
  ...["{x=/a/b}", "a/b", "a/b/{x}", "a/{x}/b", "a/{x}/b:verb", "/a/{var=/b}", "/a{x}", "/{x}a", "/a{x}b", "/{x}a{y}"],
  ...["/a/b{x}", "/a/{x}b", "/a/b{x}c", "/a/{x}b{y}", "/a/b{x}/s", "/a/{x}b/s", "/a/b{x}c/s", "/a/{x}b{y}/s"],
  // path_matcher_test.cc, InvalidTemplates.
  ...[
    "/a{x=b/**}/{y=*}",
    "/a{x=b/**}/bb/{y=*}",
    "/a{x=b/**}/{y=**}",
    "/a/**/*",
    "/a/**/foo/*",
    "/a/**/**",
    "/a/**/foo/**",
  ],
];

describe("parsePathTemplate()", () => {
  it.each([...vanguardGood, ...grpcGatewayGood, ...transcodingGood])("parses $template", (good) => {
    const parsed = parsePathTemplate(good.template);
    expect(parsed.segments).toEqual(good.segments);
    expect(parsed.verb).toBe(good.verb ?? "");
    const byName = (a: PathVariable, b: PathVariable) => a.fieldPath.localeCompare(b.fieldPath);
    expect([...parsed.variables].sort(byName)).toEqual([...(good.variables ?? [])].sort(byName));
  });

  it.each(vanguardBad)("refuses %s, saying where and why", (template, message) => {
    expect(() => parsePathTemplate(template)).toThrow(message);
  });

  it.each([...grpcGatewayBad, ...transcodingBad])("refuses '%s'", (template) => {
    expect(() => parsePathTemplate(template)).toThrow();
  });

  it("holds all 36 templates of vanguard", () => {
    expect(vanguardGood.length + vanguardBad.length).toBe(36);
  });
});
