import {
  type DescEnum,
  type DescField,
  type DescMessage,
  type JsonObject,
  type JsonValue,
  ScalarType,
} from "@bufbuild/protobuf";
import { isLeafMessage, isWrapper } from "../field-names.ts";
import { emitsNull } from "../json-output.ts";
import { type FieldLimits, fieldLimits, messageNotes } from "./field-limits.ts";
import type { Comments } from "./proto-comments.ts";

// google.protobuf.FeatureSet.FieldPresence.IMPLICIT, which protobuf-es keeps to itself.
const IMPLICIT = 2;

/**
 * Collects the JSON Schemas of messages and enums under `#/components/schemas`. A message that a request may hold is closed and
 * says what it requires; one that only answers hold stays open, so that fields may join it, and says what is always there.
 */
export class Schemas {
  readonly #comments: Comments;
  readonly #requests: ReadonlySet<DescMessage>;
  readonly #components = new Map<string, JsonObject>();

  /** `requests`: the messages that a request may hold and that refuse unknown fields. */
  constructor(comments: Comments, requests: ReadonlySet<DescMessage>) {
    this.#comments = comments;
    this.#requests = requests;
  }

  /** The collected schemas by name, sorted. */
  components(): JsonObject {
    return Object.fromEntries([...this.#components].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** A reference to the schema of a message, or the schema itself where it is one JSON value. */
  message(message: DescMessage): JsonObject {
    if (isLeafMessage(message)) {
      return leafSchema(message);
    }
    if (!this.#components.has(message.typeName)) {
      this.#components.set(message.typeName, {}); // It may hold itself.
      this.#components.set(message.typeName, this.object(message));
    }
    return { $ref: `#/components/schemas/${message.typeName}` };
  }

  /** The schema of a message in place; `bound`: top-level fields that come from elsewhere and are left out here. */
  object(message: DescMessage, bound: ReadonlySet<DescField> = new Set()): JsonObject {
    const inRequest = this.#requests.has(message);
    const fields = message.fields.filter((field) => !bound.has(field));
    const limits = new Map(fields.map((field) => [field, fieldLimits(field)]));
    const required = fields.filter((field) => (inRequest ? limits.get(field)!.required : isAlwaysWritten(field)));
    return {
      type: "object",
      ...described([this.#comments(message), ...messageNotes(message).map(sentence)]),
      properties: Object.fromEntries(
        fields.map((field) => [field.name, this.property(field, limits.get(field)!, inRequest)]),
      ),
      ...(required.length === 0 ? {} : { required: required.map((field) => field.name) }),
      ...(inRequest ? { additionalProperties: false } : {}),
      ...exclusive(message),
    };
  }

  /** The schema of a field, with its limits and comment. */
  property(field: DescField, limits: FieldLimits, inRequest: boolean): JsonObject {
    const nullable = inRequest ? !limits.required : emitsNull(field);
    const zero = limits.zeroPasses ? { anyOf: [{ maxLength: 0 }, limits.value] } : limits.value;
    const schema = { ...this.#value(field, limits.items), ...zero };
    const description = described([this.#comments(field), ...[...limits.notes, ...maskNotes(field)].map(sentence)]);
    return { ...(nullable ? withNull(schema) : schema), ...description };
  }

  #value(field: DescField, items: JsonObject): JsonObject {
    switch (field.fieldKind) {
      case "scalar":
        return scalarSchema(field.scalar);
      case "enum":
        return this.#enum(field.enum);
      case "message":
        return this.message(field.message);
      case "list":
        return { type: "array", items: { ...this.#single(field), ...items } };
      case "map":
        return { type: "object", additionalProperties: { ...this.#single(field), ...items } };
    }
  }

  #single(field: DescField & { fieldKind: "list" | "map" }): JsonObject {
    if (field.message) {
      return this.message(field.message);
    }
    return field.enum ? this.#enum(field.enum) : scalarSchema(field.scalar!);
  }

  #enum(type: DescEnum): JsonObject {
    if (!this.#components.has(type.typeName)) {
      const values = type.values.map((value) => `- \`${value.name}\`: ${this.#comments(value)}`);
      this.#components.set(type.typeName, {
        type: "string",
        ...described([this.#comments(type), values.join("\n")]),
        enum: type.values.map((value) => value.name),
      });
    }
    return { $ref: `#/components/schemas/${type.typeName}` };
  }
}

function isAlwaysWritten(field: DescField): boolean {
  return field.fieldKind === "list" || field.fieldKind === "map" || field.presence === IMPLICIT || emitsNull(field);
}

/** A message that is one of several fields and nothing else. */
function exclusive(message: DescMessage): JsonObject {
  const [group] = message.oneofs;
  return group && group.fields.length === message.fields.length
    ? { oneOf: group.fields.map((field) => ({ required: [field.name] })) }
    : {};
}

/** An example would name fields that another message does not have. */
function maskNotes(field: DescField): readonly string[] {
  return field.message?.typeName === "google.protobuf.FieldMask" ? ["Names of fields, separated by commas"] : [];
}

/** A description made of its parts, or nothing. */
export function described(parts: readonly string[]): JsonObject {
  const text = parts.filter((part) => part !== "").join("\n\n");
  return text === "" ? {} : { description: text };
}

function sentence(note: string): string {
  return `${note.charAt(0).toUpperCase()}${note.slice(1)}.`;
}

function withNull(schema: JsonObject): JsonObject {
  if (typeof schema.type === "string" && schema.enum === undefined) {
    return { ...schema, type: [schema.type, "null"] };
  }
  return { anyOf: [schema, { type: "null" }] };
}

const LEAVES: Readonly<Record<string, JsonObject>> = {
  "google.protobuf.Timestamp": { type: "string", format: "date-time" },
  "google.protobuf.Duration": { type: "string", pattern: "^-?[0-9]{1,11}(\\.[0-9]{1,9})?s$", examples: ["1.5s"] },
  "google.protobuf.FieldMask": { type: "string" },
  "google.protobuf.Struct": { type: "object", additionalProperties: true },
  "google.protobuf.Value": {},
  "google.protobuf.ListValue": { type: "array", items: {} },
  "google.protobuf.Any": { type: "object", properties: { "@type": { type: "string" } }, required: ["@type"] },
};

function leafSchema(message: DescMessage): JsonObject {
  const [field] = message.fields;
  if (isWrapper(message) && field?.fieldKind === "scalar") {
    return withNull(scalarSchema(field.scalar));
  }
  return { ...LEAVES[message.typeName] };
}

function scalarSchema(scalar: ScalarType): JsonObject {
  const integer = (format: string, more: Record<string, JsonValue> = {}) => ({ type: "integer", format, ...more });
  switch (scalar) {
    case ScalarType.STRING:
      return { type: "string" };
    case ScalarType.BOOL:
      return { type: "boolean" };
    case ScalarType.BYTES:
      return { type: "string", contentEncoding: "base64" };
    case ScalarType.DOUBLE:
      return { type: "number", format: "double" };
    case ScalarType.FLOAT:
      return { type: "number", format: "float" };
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return integer("int64", { minimum: 0, maximum: 4_294_967_295 });
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return { type: "string", pattern: "^[0-9]+$" };
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return { type: "string", pattern: "^-?[0-9]+$" };
    default:
      return integer("int32");
  }
}
