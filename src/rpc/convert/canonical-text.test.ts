import { create, type DescMessage, fromBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { AnySchema, anyPack, StringValueSchema, StructSchema, ValueSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { MemoryInputSchema } from "../../../gen/server/cairn/v1/memory_pb.ts";
import {
  DeleteMemoryRequestSchema,
  ListMemoriesRequestSchema,
  SearchResponseSchema,
  SearchResultSchema,
  UpdateMemoryRequestSchema,
} from "../../../gen/server/cairn/v1/memory_service_pb.ts";
import { ErrorInfoSchema } from "../../../gen/server/google/rpc/error_details_pb.ts";
import { canonicalText } from "./canonical-text.ts";

function textOf<D extends DescMessage>(schema: D, init: MessageInitShape<D>): string {
  return [...canonicalText(schema, create(schema, init))].join("");
}

const ofMemory = (init: MessageInitShape<typeof MemoryInputSchema>) => textOf(MemoryInputSchema, init);
const ofMask = (...paths: string[]) => textOf(UpdateMemoryRequestSchema, { updateMask: { paths } });
const ofValue = (kind: MessageInitShape<typeof ValueSchema>["kind"] & object) => textOf(ValueSchema, { kind });
const number = (value: number) => create(ValueSchema, { kind: { case: "numberValue", value } });

describe("two messages say the same", () => {
  it.each([
    [
      "whatever the order of a Struct's keys, at any depth",
      ofMemory({ metadata: { a: 1, b: [{ c: 2, d: { e: 3, f: null } }] } }),
      ofMemory({ metadata: { b: [{ d: { f: null, e: 3 }, c: 2 }], a: 1 } }),
    ],
    [
      "whatever the order of a map's keys",
      textOf(ErrorInfoSchema, { metadata: { a: "1", b: "2" } }),
      textOf(ErrorInfoSchema, { metadata: { b: "2", a: "1" } }),
    ],
    [
      "whatever the order of a map of messages",
      textOf(StructSchema, { fields: { a: number(1), b: number(2) } }),
      textOf(StructSchema, { fields: { b: number(2), a: number(1) } }),
    ],
    ["with a default spelt out", ofMemory({ title: "", tags: [], visibility: 0 }), ofMemory({})],
    [
      "with a field that the schema does not know",
      ofMemory({}),
      [...canonicalText(MemoryInputSchema, fromBinary(MemoryInputSchema, Uint8Array.of(0x98, 0x06, 0x01)))].join(""),
    ],
    ["whatever the order of a mask's paths, and how often each stands there", ofMask("a", "b"), ofMask("b", "a", "b")],
    [
      "with -0 for 0",
      ofMemory({ confidence: -0, metadata: { a: -0 } }),
      ofMemory({ confidence: 0, metadata: { a: 0 } }),
    ],
    ["with NaN twice", ofMemory({ confidence: Number.NaN }), ofMemory({ confidence: Number.NaN })],
  ])("%s", (_, one, other) => expect(other).toBe(one));
});

describe("two messages say different things", () => {
  it.each([
    ["by the order of a list", ofMemory({ tags: ["a", "b"] }), ofMemory({ tags: ["b", "a"] })],
    ["by the order of a Struct's list", ofMemory({ metadata: { a: [1, 2] } }), ofMemory({ metadata: { a: [2, 1] } })],
    ["by the presence of an optional field", ofMemory({ sourceId: "" }), ofMemory({})],
    ["by the presence of a message", ofMemory({ metadata: {} }), ofMemory({})],
    ["by a nanosecond", ofMemory({ expireTime: { nanos: 1 } }), ofMemory({ expireTime: { nanos: 2 } })],
    ["by a string's normal form", ofMemory({ content: "\u00e9" }), ofMemory({ content: "e\u0301" })],
    ["by a number's type", ofMemory({ metadata: { a: 1 } }), ofMemory({ metadata: { a: "1" } })],
    ["by a field", ofMemory({ sourceKind: "a" }), ofMemory({ sourceId: "a" })],
    ["by a place between two strings", ofMemory({ tags: ['a","b'] }), ofMemory({ tags: ["a", "b"] })],
    [
      "by the case of a oneof",
      ofValue({ case: "stringValue", value: "" }),
      ofValue({ case: "boolValue", value: false }),
    ],
    ["by bytes", ofBytes("a"), ofBytes("b")],
    ["by a text that looks like a default", ofMemory({ title: "0" }), ofMemory({ title: "" })],
    ["by a text that looks like a default, and its absence", ofMemory({ subjectType: "0" }), ofMemory({})],
    ["by NaN", textOf(SearchResultSchema, { score: Number.NaN }), textOf(SearchResultSchema, { score: 0 })],
    ["by an enum", ofMemory({ visibility: 1 }), ofMemory({ visibility: 2 })],
    [
      "by a message within",
      textOf(ListMemoriesRequestSchema, { filter: { linkedEntity: { type: "a" } } }),
      textOf(ListMemoriesRequestSchema, { filter: { linkedEntity: { id: "a" } } }),
    ],
    ["by the case of a oneof of messages", textOf(SearchResponseSchema, {}), ofSummary()],
    [
      "by a number beside its absence",
      textOf(DeleteMemoryRequestSchema, { expectedRevision: 0 }),
      textOf(DeleteMemoryRequestSchema, {}),
    ],
  ])("%s", (_, one, other) => expect(other).not.toBe(one));
});

function ofBytes(value: string): string {
  const any = anyPack(StringValueSchema, create(StringValueSchema, { value }));
  return [...canonicalText(AnySchema, any)].join("");
}

function ofSummary(): string {
  return textOf(SearchResponseSchema, { part: { case: "summary", value: {} } });
}

it("comes in pieces, however many values one list has", () => {
  const many = create(MemoryInputSchema, { metadata: { list: new Array(100_000).fill({ a: [1] }) } });
  const pieces = [...canonicalText(MemoryInputSchema, many)].map((piece) => piece.length);
  expect(pieces.length).toBeGreaterThan(10);
  expect(Math.max(...pieces)).toBeLessThan(70_000);
});
