import { createHash } from "node:crypto";
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { ListMemoriesRequestSchema } from "../../../gen/server/cairn/v1/memory_service_pb.ts";
import { decodePageToken, encodePageToken, ID_KEY } from "./page-token.ts";

const ID = "01940000-0000-7000-8000-000000000000";

function scopeOf(init: MessageInitShape<typeof ListMemoriesRequestSchema>, workspaceId = "w", method = "m") {
  return { method, workspaceId, schema: ListMemoriesRequestSchema, request: create(ListMemoriesRequestSchema, init) };
}

describe("page tokens", async () => {
  const token = await encodePageToken(scopeOf({}), ID);

  it("give back the last key to the same arguments, whatever the page size", async () => {
    expect(await decodePageToken(scopeOf({ pageToken: token, pageSize: 7 }), ID_KEY)).toBe(ID);
  });

  it("mean the first page where they are empty", async () => {
    expect(await decodePageToken(scopeOf({}), ID_KEY)).toBeNull();
  });

  it("are taken whatever the order of the filter's maps, and refused where a value differs", async () => {
    const first = await encodePageToken(
      scopeOf({ filter: { metadata: { a: 1, b: { c: 2, d: [3, { e: 4, f: 5 }] } } } }),
      ID,
    );
    const again = { b: { d: [3, { f: 5, e: 4 }], c: 2 }, a: 1 };
    expect(await decodePageToken(scopeOf({ pageToken: first, filter: { metadata: again } }), ID_KEY)).toBe(ID);
    const other = scopeOf({ pageToken: first, filter: { metadata: { ...again, a: 2 } } });
    await expect(decodePageToken(other, ID_KEY)).rejects.toThrow("page_token");
  });

  it("of the version before are taken too", async () => {
    const hash = createHash("sha256")
      .update("m w ")
      .update(toBinary(ListMemoriesRequestSchema, scopeOf({}).request));
    const former = Buffer.concat([Buffer.from([1]), hash.digest().subarray(0, 8), Buffer.from(ID)]).toString(
      "base64url",
    );
    expect(await decodePageToken(scopeOf({ pageToken: former }), ID_KEY)).toBe(ID);
    const other = scopeOf({ pageToken: former, showDeleted: true });
    await expect(decodePageToken(other, ID_KEY)).rejects.toThrow("page_token");
  });

  it.each([
    ["another filter", scopeOf({ pageToken: token, showDeleted: true })],
    ["another workspace", scopeOf({ pageToken: token }, "x")],
    ["another method", scopeOf({ pageToken: token }, "w", "n")],
    ["a cut token", scopeOf({ pageToken: token.slice(0, -2) })],
    ["garbage", scopeOf({ pageToken: "garbage" })],
    ["a key of another kind", scopeOf({ pageToken: await encodePageToken(scopeOf({}), "12") })],
    ["a version to come", scopeOf({ pageToken: `Aw${token.slice(2)}` })],
  ])("are refused with %s", async (_, scope) => {
    await expect(decodePageToken(scope, ID_KEY)).rejects.toThrow("page_token");
  });
});
