import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import {
  BatchWriteMemoriesRequestSchema,
  SearchResponseSchema,
  WriteMemoryRequestSchema,
} from "../../gen/server/cairn/v1/memory_service_pb.ts";
import { refuseMalformedValues } from "./malformed-values.ts";

describe("refuseMalformedValues()", () => {
  it("accepts well-formed text of every plane", () => {
    const memory = { content: "𝒞airn 🪨 ünïcode", metadata: { ключ: ["値"] }, tags: ["a"] };
    refuseMalformedValues(WriteMemoryRequestSchema, create(WriteMemoryRequestSchema, { memory }));
  });

  it.each([
    ["memory.content", { content: "a\0b" }],
    ["memory.content", { content: "a\ud800b" }],
    ["memory.tags[1]", { tags: ["a", "\udc00"] }],
    ["memory.linked_entities[0].id", { linkedEntities: [{ type: "t", id: "\0" }] }],
    ["memory.metadata.a[0].b", { metadata: { a: [{ b: "\0" }] } }],
    ["memory.metadata", { metadata: { "k\0": 1 } }],
    ["memory.source_context", { sourceContext: "\ud83d" }],
  ])("refuses a NUL or a lone surrogate, naming %s", (field, memory) => {
    const request = create(WriteMemoryRequestSchema, { memory });
    expect(() => refuseMalformedValues(WriteMemoryRequestSchema, request)).toThrow(`${field}: must`);
  });

  it("looks into lists of messages", () => {
    const request = create(BatchWriteMemoriesRequestSchema, { writes: [{}, { memory: { title: "\0" } }] });
    expect(() => refuseMalformedValues(BatchWriteMemoriesRequestSchema, request)).toThrow(
      "writes[1].memory.title: must",
    );
  });

  it("looks into the chosen branch of a oneof alone", () => {
    const part = { case: "summary", value: { generation: "\0" } } as const;
    const response = create(SearchResponseSchema, { part });
    expect(() => refuseMalformedValues(SearchResponseSchema, response)).toThrow("summary.generation: must");
  });
});
