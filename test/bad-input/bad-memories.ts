import { randomUUID } from "node:crypto";

/** A memory that no API takes, and the field that its rejection names. */
export interface BadMemory {
  readonly name: string;
  /** Fields laid over a good memory, in native REST names. Undefined takes the field away. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Native name of the field at fault. */
  readonly field: string;
  /** What TrustPager's interface gets where it is not the same under its own names; null: it has no such field or rule. */
  readonly trustpager?: { readonly fields: Readonly<Record<string, unknown>>; readonly field: string } | null;
}

/** An object of `levels` levels, itself the first. */
function nested(levels: number): object {
  return levels === 1 ? {} : { in: nested(levels - 1) };
}

const longAgo = "2001-02-03T04:05:06Z";

export const badMemories: readonly BadMemory[] = [
  { name: "a number for a text", fields: { content: 5 }, field: "content" },
  { name: "a text for a list", fields: { tags: "one" }, field: "tags" },
  { name: "a number among texts", fields: { tags: ["one", 2] }, field: "tags[1]" },
  { name: "a list for an object", fields: { metadata: [1] }, field: "metadata" },
  { name: "a text for a number", fields: { confidence: "sure" }, field: "confidence" },
  { name: "an unknown field", fields: { contnet: "x" }, field: "contnet" },
  {
    name: "an unknown field of an entity",
    fields: { linked_entities: [{ type: "a", id: "b", name: "c" }] },
    field: "linked_entities[0].name",
  },
  { name: "no kind", fields: { kind: undefined }, field: "kind" },
  { name: "no content", fields: { content: undefined }, field: "content" },
  { name: "empty content", fields: { content: "" }, field: "content" },
  { name: "blank content", fields: { content: " \n\t\u00a0" }, field: "content" },
  { name: "content of 50,001 characters", fields: { content: "é".repeat(50_001) }, field: "content" },
  { name: "a NUL character", fields: { content: "a\0b" }, field: "content" },
  { name: "a NUL character in a tag", fields: { tags: ["one", "t\0wo"] }, field: "tags[1]" },
  { name: "a NUL character in a key of metadata", fields: { metadata: { "a\0b": 1 } }, field: "metadata" },
  {
    name: "a NUL character deep in metadata",
    fields: { metadata: { list: [{ a: "\0" }] } },
    field: "metadata.list[0].a",
  },
  { name: "101 tags", fields: { tags: Array.from({ length: 101 }, (_, i) => `tag-${i}`) }, field: "tags" },
  { name: "a tag twice", fields: { tags: ["same", "same"] }, field: "tags" },
  { name: "an empty tag", fields: { tags: ["one", ""] }, field: "tags[1]" },
  { name: "a tag of 201 characters", fields: { tags: ["t".repeat(201)] }, field: "tags[0]" },
  { name: "metadata over 64 KiB", fields: { metadata: { text: "x".repeat(65_536) } }, field: "metadata" },
  { name: "metadata of 17 levels", fields: { metadata: nested(17) }, field: "metadata" },
  { name: "confidence 1.1", fields: { confidence: 1.1 }, field: "confidence" },
  { name: "confidence -0.1", fields: { confidence: -0.1 }, field: "confidence" },
  { name: "confidence NaN", fields: { confidence: "NaN" }, field: "confidence" },
  {
    name: "a past expiry",
    fields: { expire_time: longAgo },
    field: "expire_time",
    trustpager: { fields: { expires_at: longAgo }, field: "expires_at" },
  },
  {
    name: "an expiry that is no timestamp",
    fields: { expire_time: "tomorrow" },
    field: "expire_time",
    trustpager: { fields: { expires_at: "tomorrow" }, field: "expires_at" },
  },
  {
    name: "an expiry without a time zone",
    fields: { expire_time: "2999-01-01 00:00:00" },
    field: "expire_time",
    trustpager: { fields: { expires_at: "2999-01-01 00:00:00" }, field: "expires_at" },
  },
  {
    name: "a malformed UUID of the agent",
    fields: { agent_id: "1234" },
    field: "agent_id",
    trustpager: { fields: { agent_registry_id: "1234" }, field: "agent_registry_id" },
  },
  {
    name: "a malformed UUID of the parent",
    fields: { parent_memory_id: `${randomUUID()}0` },
    field: "parent_memory_id",
  },
  {
    name: "a subject that is no UUID",
    fields: { subject_id: "s".repeat(201) },
    field: "subject_id",
    trustpager: { fields: { subject_id: "contact-1" }, field: "subject_id" },
  },
  { name: "half an entity", fields: { linked_entities: [{ type: "opportunity" }] }, field: "linked_entities[0].id" },
  { name: "an empty key", fields: { key: "" }, field: "key" },
  { name: "a key of 501 characters", fields: { key: "k".repeat(501) }, field: "key" },
  {
    name: "an unknown visibility",
    fields: { visibility: "VISIBILITY_PUBLIC" },
    field: "visibility",
    trustpager: { fields: { visibility: "public" }, field: "visibility" },
  },
  { name: "a title of 501 characters", fields: { title: "t".repeat(501) }, field: "title", trustpager: null },
  { name: "an unknown number of an enum", fields: { visibility: 7 }, field: "visibility" },
];
