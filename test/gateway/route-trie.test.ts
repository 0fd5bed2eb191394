import { describe, expect, it } from "vitest";
import { parsePathTemplate } from "../../src/gateway/path-template.ts";
import { RouteTrie } from "../../src/gateway/route-trie.ts";

function trieOf(templates: readonly string[], methods: readonly string[] = ["GET"]): RouteTrie<string> {
  const trie = new RouteTrie<string>();
  for (const template of templates) {
    for (const method of methods) {
      trie.insert(method, parsePathTemplate(template), template);
    }
  }
  return trie;
}

type Vector = readonly [path: string, template: string | null, variables?: Record<string, string>];

const named = (vectors: readonly Vector[]) =>
  vectors.map((vector) => ({ path: vector[0], template: vector[1], vector }));

function expectMatch(trie: RouteTrie<string>, [path, template, variables]: Vector, method = "GET"): void {
  const match = trie.match(path, method);
  const seen = match.kind === "found" ? [match.target, Object.fromEntries(match.variables)] : [match.kind];
  expect(seen).toEqual(template === null ? ["none"] : [template, variables ?? {}]);
}

const longest =
  "/foo/blah/{longest_var={long_var.a={medium.a={short.aa}/*/{short.ab}/foo}/*}/{long_var.b={medium.b={short.ba}/*/{short.bb}/foo}/{last=**}}}:details";

// The routes and paths of vanguard-go's router_test.go.
const vanguardRoutes = [
  "/foo/bar/baz/buzz",
  "/foo/bar/{name}",
  "/foo/bar/{name}/baz/{child}",
  "/foo/bar/{name}/baz/{child.id}/buzz/{child.thing.id}",
  "/foo/bar/*/{thing.id}/{cat=**}",
  "/percent_encoding/{outer={inner}/suffix}",
  "/foo/bar/*/{thing.id}/{cat=**}:do",
  "/foo/bar/*/{thing.id}/{cat=**}:cancel",
  "/foo/bob/{book_id={author}/{isbn}/*}/details",
  longest,
  "/foo%2Fbar/%2A/%2A%2a/{starstar=%2A%2a/**}:%2c",
  "/trailing/**:slash",
  "/verb",
];

const vanguardPaths: readonly Vector[] = [
  ["/bob/lob/law", null],
  ["/foo/bar/baz", "/foo/bar/{name}", { name: "baz" }],
  ["/foo/bob/lob/law", null],
  ["/foo/bar/baz/buzz", "/foo/bar/baz/buzz"],
  ["/foo/bar/baz/baz/buzz", "/foo/bar/{name}/baz/{child}", { name: "baz", child: "buzz" }],
  [
    "/foo/bar/1/baz/2/buzz/3",
    "/foo/bar/{name}/baz/{child.id}/buzz/{child.thing.id}",
    { name: "1", "child.id": "2", "child.thing.id": "3" },
  ],
  ["/foo/bar/baz/123", null],
  ["/foo/bar/baz/123/buzz", "/foo/bar/*/{thing.id}/{cat=**}", { "thing.id": "123", cat: "buzz" }],
  ["/foo/bar/baz/123/buzz/buzz", "/foo/bar/*/{thing.id}/{cat=**}", { "thing.id": "123", cat: "buzz/buzz" }],
  ["/foo/bar/baz/123/buzz/buzz:do", "/foo/bar/*/{thing.id}/{cat=**}:do", { "thing.id": "123", cat: "buzz/buzz" }],
  [
    "/foo/bar/baz/123/fizz/buzz/frob/nitz:do",
    "/foo/bar/*/{thing.id}/{cat=**}:do",
    { "thing.id": "123", cat: "fizz/buzz/frob/nitz" },
  ],
  [
    "/foo/bar/baz/123/buzz/buzz:cancel",
    "/foo/bar/*/{thing.id}/{cat=**}:cancel",
    { "thing.id": "123", cat: "buzz/buzz" },
  ],
  ["foo/bar/baz/123/buzz/buzz:blah", null],
  [
    "/foo/bob/bar/baz/123/details",
    "/foo/bob/{book_id={author}/{isbn}/*}/details",
    { book_id: "bar/baz/123", author: "bar", isbn: "baz" },
  ],
  ["/foo/bob/bar/baz/123/details:do", null],
  [
    "/foo/blah/A/B/C/foo/D/E/F/G/foo/H/I/J/K/L/M:details",
    longest,
    {
      longest_var: "A/B/C/foo/D/E/F/G/foo/H/I/J/K/L/M",
      "long_var.a": "A/B/C/foo/D",
      "medium.a": "A/B/C/foo",
      "short.aa": "A",
      "short.ab": "C",
      "long_var.b": "E/F/G/foo/H/I/J/K/L/M",
      "medium.b": "E/F/G/foo",
      "short.ba": "E",
      "short.bb": "G",
      last: "H/I/J/K/L/M",
    },
  ],
  ["/trailing:slash", null],
  ["/trailing/:slash", "/trailing/**:slash"],
  ["/verb:", null],
  ["/verb", "/verb"],
  ["/foo/bar/baz/%2f/%2A/%2f", "/foo/bar/*/{thing.id}/{cat=**}", { "thing.id": "/", cat: "*/%2F" }],
  [
    "/percent_encoding/A%2Fb/suffix",
    "/percent_encoding/{outer={inner}/suffix}",
    { inner: "A/b", outer: "A%2Fb/suffix" },
  ],
  ["/foo/bar/baz/123/a%2Fb", "/foo/bar/*/{thing.id}/{cat=**}", { "thing.id": "123", cat: "a%2Fb" }],
];

// Those of grpc-httpjson-transcoding's path_matcher_test.cc whose templates http.proto allows: no segment after a double wildcard.
const transcoding: readonly { name: string; routes: readonly string[]; paths: readonly Vector[] }[] = [
  {
    name: "a double wildcard matches the root",
    routes: ["/**"],
    paths: [
      ["/", "/**"],
      ["/a", "/**"],
      ["/a/", "/**"],
    ],
  },
  {
    name: "wildcards give way to what is more specific",
    routes: ["/a/**", "/b/*", "/c/*/d/**", "/c/*/d/e", "/c/f/d/e"],
    paths: [
      ["/a/b", "/a/**"],
      ["/a/b/c", "/a/**"],
      ["/b/c", "/b/*"],
      ["b/c/d", null],
      ["/c/u/d/v", "/c/*/d/**"],
      ["/c/v/d/w/x", "/c/*/d/**"],
      ["/c/x/y/d/z", null],
      ["/c//v/d/w/x", null],
      ["/c/x/d/e", "/c/*/d/e"],
      ["/c/f/d/e", "/c/f/d/e"],
    ],
  },
  {
    name: "variables bind",
    routes: ["/a/{x}/c/d/e", "/{x=a/*}/b/{y=*}/c", "/a/{x=b/*}/{y=d/**}", "/{x=*}/a", "/a/b/{x=*}", "/a/b/c/{x=**}"],
    paths: [
      ["/a/book/c/d/e", "/a/{x}/c/d/e", { x: "book" }],
      ["/a/hello/b/world/c", "/{x=a/*}/b/{y=*}/c", { x: "a/hello", y: "world" }],
      ["/a/b/zoo/d/animal/tiger", "/a/{x=b/*}/{y=d/**}", { x: "b/zoo", y: "d/animal/tiger" }],
      ["/foo/a", "/{x=*}/a", { x: "foo" }],
      ["/a/b/foo", "/a/b/{x=*}", { x: "foo" }],
      ["/a/b/c/foo/bar/baz", "/a/b/c/{x=**}", { x: "foo/bar/baz" }],
    ],
  },
  {
    name: "one segment is decoded in full, plus signs kept",
    routes: ["/a/{x}/c"],
    paths: [["/a/p%20q%2Fr+/c", "/a/{x}/c", { x: "p q/r+" }]],
  },
  {
    name: "several segments keep their escaped slashes",
    routes: ["/a/{x=p/*/q/*}/c"],
    paths: [["/a/p/foo%20foo/q/bar%2Fbar/c", "/a/{x=p/*/q/*}/c", { x: "p/foo foo/q/bar%2Fbar" }]],
  },
  {
    name: "reserved characters but the slash are decoded",
    routes: ["/a/{x=*}/{y=**}"],
    paths: [
      [
        "/a/%21%23%24%26%27%28%29%2A%2B%2C%2F%3A%3B%3D%3F%40%5B%5D/%21%23%24%26%27%28%29%2A%2B%2C%2F%3A%3B%3D%3F%40%5B%5D",
        "/a/{x=*}/{y=**}",
        { x: "!#$&'()*+,/:;=?@[]", y: "!#$&'()*+,%2F:;=?@[]" },
      ],
    ],
  },
  {
    name: "an unregistered verb is part of the segment",
    routes: ["/person", "/person/{id=*}", "/{x=**}:verb"],
    paths: [
      ["/person:verb", "/{x=**}:verb", { x: "person" }],
      ["/person/jason:verb", "/{x=**}:verb", { x: "person/jason" }],
      ["/animal:verb", "/{x=**}:verb", { x: "animal" }],
      ["/animal/cat:verb", "/{x=**}:verb", { x: "animal/cat" }],
      ["/person", "/person"],
      ["/person/jason", "/person/{id=*}", { id: "jason" }],
      ["/animal", null],
      ["/animal/cat", null],
      ["/person:other", null],
      ["/person/jason:other", "/person/{id=*}", { id: "jason:other" }],
      ["/animal:other", null],
      ["/animal/cat:other", null],
    ],
  },
  {
    name: "verbs after variables",
    routes: ["/a/{y=*}:verb", "/a/{y=d/**}:verb", "/{x=*}/a:verb", "/e/{x=*}/f:verb"],
    paths: [
      ["/a/world:verb", "/a/{y=*}:verb", { y: "world" }],
      ["/a/d/animal/tiger:verb", "/a/{y=d/**}:verb", { y: "d/animal/tiger" }],
      ["/foo/a:verb", "/{x=*}/a:verb", { x: "foo" }],
      ["/e/foo/f:verb", "/e/{x=*}/f:verb", { x: "foo" }],
    ],
  },
  {
    name: "verbs after literals and wildcards",
    routes: ["/some/const:verb", "/some/*:verb", "/some/*/foo:verb", "/other/**:verb"],
    paths: [
      ["/some/const:verb", "/some/const:verb"],
      ["/some/other:verb", "/some/*:verb"],
      ["/some/other:verb/", null],
      ["/some/bar/foo:verb", "/some/*/foo:verb"],
      ["/some/foo1/foo2/foo:verb", null],
      ["/some/foo/bar:verb", null],
      ["/other/bar/foo:verb", "/other/**:verb"],
    ],
  },
  {
    name: "a colon within is no verb",
    routes: ["/{a=*}/{b=*}:verb"],
    paths: [["/some:verb/const:verb", "/{a=*}/{b=*}:verb", { a: "some:verb", b: "const" }]],
  },
  {
    name: "a colon before the last slash is no verb",
    routes: ["/foo/*/hello"],
    paths: [["/foo/other:verb/hello", "/foo/*/hello"]],
  },
  {
    name: "with and without a verb",
    routes: ["/{a=**}:verb", "/{a=**}"],
    paths: [
      ["/some:verb/const:verb", "/{a=**}:verb", { a: "some:verb/const" }],
      ["/some:verb/const", "/{a=**}", { a: "some:verb/const" }],
      ["/some:verb2/const:verb2", "/{a=**}", { a: "some:verb2/const:verb2" }],
    ],
  },
  {
    name: "no partial matches",
    routes: ["/prefix/middle/suffix", "/prefix/middle", "/prefix"],
    paths: [
      ["/prefix/middle/suffix", "/prefix/middle/suffix"],
      ["/prefix/middle", "/prefix/middle"],
      ["/prefix", "/prefix"],
      ["/prefix/middle/suffix/other", null],
      ["/prefix/middle/other", null],
      ["/prefix/other", null],
      ["/other", null],
    ],
  },
];

// Those of grpc-gateway's runtime/pattern_test.go, as templates.
const grpcGateway: readonly { routes: readonly string[]; match: readonly string[]; not: readonly string[] }[] = [
  { routes: ["/*"], match: ["/abc", "/def"], not: ["/", "/abc/def"] },
  { routes: ["/v1"], match: ["/v1"], not: ["/", "/v2"] },
  { routes: ["/**"], match: ["/", "/abc", "/abc/def", "/abc/def/ghi"], not: [] },
  {
    routes: ["/v1/{name=bucket/*}"],
    match: ["/v1/bucket/my-bucket"],
    not: ["/", "/v1", "/v1/bucket", "/v2/bucket/my-bucket", "/v1/pubsub/my-topic"],
  },
  {
    routes: ["/v1/{name=o/**}"],
    match: ["/v1/o/my-bucket", "/v1/o/my-bucket/dir/dir2/obj"],
    not: ["/", "/v1", "/v2/o/my-bucket", "/v1/b/my-bucket"],
  },
  {
    routes: ["/v2/{name=b/*}/o/{oname}"],
    match: ["/v2/b/my-bucket/o/obj", "/v2/b/my-bucket/o/dir"],
    not: ["/", "/v2", "/v2/b", "/v2/b/my-bucket", "/v2/b/my-bucket/o"],
  },
  { routes: ["/v1:LOCK"], match: ["/v1:LOCK"], not: ["/v1", "/LOCK"] },
];

describe("RouteTrie", () => {
  describe("with the routes of vanguard", () => {
    const trie = trieOf(vanguardRoutes, ["GET", "POST"]);

    it.each(named(vanguardPaths))("leads $path to $template", ({ vector }) => {
      expectMatch(trie, vector, "GET");
      expectMatch(trie, vector, "POST");
      expect(trie.match(vector[0], "DELETE").kind).toBe(vector[1] === null ? "none" : "method");
    });

    it("holds all 23 paths", () => {
      expect(vanguardPaths.length).toBe(23);
    });
  });

  describe.each(transcoding)("$name", ({ routes, paths }) => {
    const trie = trieOf(routes);
    it.each(named(paths))("leads $path to $template", ({ vector }) => {
      expectMatch(trie, vector);
    });
  });

  it.each(grpcGateway)("matches $routes as grpc-gateway does", ({ routes, match, not }) => {
    const trie = trieOf(routes);
    expect(match.filter((path) => trie.match(path, "GET").kind !== "found")).toEqual([]);
    expect(not.filter((path) => trie.match(path, "GET").kind === "found")).toEqual([]);
  });

  it("decodes every escaped ASCII character of one segment", () => {
    const trie = trieOf(["/{x}"]);
    for (let code = 0; code < 0x7f; code++) {
      const hex = code.toString(16).padStart(2, "0");
      expectMatch(trie, [`/%${hex}`, "/{x}", { x: String.fromCharCode(code) }]);
      expectMatch(trie, [`/%${hex.toUpperCase()}`, "/{x}", { x: String.fromCharCode(code) }]);
    }
  });

  it("refuses a second route of the same method, segments and verb, whatever its variables are called", () => {
    const trie = trieOf(["/a/{x}/b:do"]);
    expect(() => trie.insert("GET", parsePathTemplate("/a/{y=*}/b:do"), "again")).toThrow("same method and path");
    expect(() => trie.insert("POST", parsePathTemplate("/a/{y}/b:do"), "other method")).not.toThrow();
    expect(() => trie.insert("GET", parsePathTemplate("/a/{y}/b"), "other verb")).not.toThrow();
  });

  it("names the known methods of a path, sorted", () => {
    const trie = trieOf(["/a/{x}"], ["PATCH", "GET", "DELETE"]);
    expect(trie.match("/a/b", "POST")).toEqual({
      kind: "method",
      allow: ["DELETE", "GET", "PATCH"],
      targets: ["/a/{x}", "/a/{x}", "/a/{x}"],
    });
  });

  it("falls back to a less specific route where the more specific one lacks the method", () => {
    const trie = new RouteTrie<string>();
    trie.insert("POST", parsePathTemplate("/m/search"), "search");
    trie.insert("GET", parsePathTemplate("/m/{id}"), "get");
    expectMatch(trie, ["/m/search", "get", { id: "search" }]);
    expectMatch(trie, ["/m/search", "search"], "POST");
  });

  it("takes a path with an unknown verb for an unknown route, not for a wrong method", () => {
    const trie = trieOf(["/m/{id}", "/m/{id}:restore"]);
    expect(trie.match("/m/1:frobnicate", "POST").kind).toBe("none");
    expect(trie.match("/m/1:restore", "POST").kind).toBe("method");
  });

  it.each(["/a/%", "/a/%2", "/a/%zz", "/a/%ff", "/a/%c3%28"])("says that %s cannot be decoded", (path) => {
    expect(trieOf(["/a/{x}"]).match(path, "GET").kind).toBe("malformed");
    expect(trieOf(["/a/{x=**}"]).match(path, "GET").kind).toBe("malformed");
  });
});
