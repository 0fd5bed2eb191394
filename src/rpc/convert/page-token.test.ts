import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { ListMemoriesRequestSchema } from "../../../gen/server/cairn/v1/memory_service_pb.ts";
import { decodePageToken, encodePageToken, ID_KEY } from "./page-token.ts";

const ID = "01940000-0000-7000-8000-000000000000";

function scopeOf(
  init: { pageSize?: number; pageToken?: string; showDeleted?: boolean },
  workspaceId = "w",
  method = "m",
) {
  return { method, workspaceId, schema: ListMemoriesRequestSchema, request: create(ListMemoriesRequestSchema, init) };
}

describe("page tokens", () => {
  const token = encodePageToken(scopeOf({}), ID);

  it("give back the last key to the same arguments, whatever the page size", () => {
    expect(decodePageToken(scopeOf({ pageToken: token, pageSize: 7 }), ID_KEY)).toBe(ID);
  });

  it("mean the first page where they are empty", () => {
    expect(decodePageToken(scopeOf({}), ID_KEY)).toBeNull();
  });

  it.each([
    ["another filter", scopeOf({ pageToken: token, showDeleted: true })],
    ["another workspace", scopeOf({ pageToken: token }, "x")],
    ["another method", scopeOf({ pageToken: token }, "w", "n")],
    ["a cut token", scopeOf({ pageToken: token.slice(0, -2) })],
    ["garbage", scopeOf({ pageToken: "garbage" })],
    ["a key of another kind", scopeOf({ pageToken: encodePageToken(scopeOf({}), "12") })],
  ])("are refused with %s", (_, scope) => {
    expect(() => decodePageToken(scope, ID_KEY)).toThrow("page_token");
  });
});
