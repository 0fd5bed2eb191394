import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { MemoryInputSchema, MemorySchema } from "../../../gen/server/cairn/v1/memory_pb.ts";
import { fromUpdateMask } from "./update-mask.ts";

const mask = (...paths: string[]) => ({ $typeName: "google.protobuf.FieldMask" as const, paths });

describe("fromUpdateMask()", () => {
  it("takes the fields that the mask names and no others", () => {
    const memory = create(MemoryInputSchema, { content: "new", title: "unnamed" });
    expect(fromUpdateMask(mask("content"), memory)).toEqual({ content: "new" });
  });

  it("gives a named field that is unset its default", () => {
    const defaults = { tags: [], expireTime: null, confidence: 1, metadata: {}, visibility: "private" };
    const paths = ["tags", "expire_time", "confidence", "metadata", "visibility"];
    expect(fromUpdateMask(mask(...paths), create(MemoryInputSchema))).toEqual(defaults);
  });

  it.each([
    "id",
    "key",
    "agent_id",
    "volume_id",
    "subject_type",
    "subject_id",
    "revision",
    "workspace_id",
    "create_time",
  ])("refuses %s as immutable, naming it", (path) => {
    expect(() => fromUpdateMask(mask(path), undefined)).toThrow(`${path}: never changes`);
  });

  it.each([
    ["nonsense", "no field of a memory"],
    ["metadata.a", "is replaced whole"],
  ])("refuses %s", (path, problem) => {
    expect(() => fromUpdateMask(mask(path), undefined)).toThrow(problem);
  });

  it("knows every field of a memory, as changing or as immutable", () => {
    for (const field of MemorySchema.fields) {
      const changes = () => fromUpdateMask(mask(field.name), undefined);
      try {
        changes();
      } catch (error) {
        expect(String(error)).toContain("never changes");
      }
    }
  });
});
