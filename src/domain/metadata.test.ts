import { describe, expect, it } from "vitest";
import type { JsonObject } from "./json.ts";
import { checkMetadata } from "./metadata.ts";

function nested(levels: number): JsonObject {
  let value: JsonObject = {};
  for (let level = 1; level < levels; level++) {
    value = { a: value };
  }
  return value;
}

describe("checkMetadata()", () => {
  it("accepts 16 levels and refuses 17, naming the field", () => {
    checkMetadata("memory.metadata", nested(16));
    expect(() => checkMetadata("memory.metadata", nested(17))).toThrow(
      "memory.metadata: must be at most 16 levels deep",
    );
  });

  it("counts levels through arrays", () => {
    expect(() => checkMetadata("metadata", { a: [nested(15)] })).toThrow("16 levels");
  });

  it("accepts 65,536 bytes and refuses 65,537", () => {
    const frame = JSON.stringify({ a: "" }).length;
    checkMetadata("metadata", { a: "x".repeat(65_536 - frame) });
    expect(() => checkMetadata("metadata", { a: "x".repeat(65_537 - frame) })).toThrow("65536 bytes");
  });

  it("counts bytes of UTF-8, not characters", () => {
    checkMetadata("metadata", { a: "é".repeat(32_000) });
    expect(() => checkMetadata("metadata", { a: "é".repeat(33_000) })).toThrow("65536 bytes");
  });
});
