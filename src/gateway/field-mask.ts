import type { DescField, DescMessage, JsonObject, JsonValue } from "@bufbuild/protobuf";
import { protoCamelCase, protoSnakeCase } from "@bufbuild/protobuf/reflect";
import { fieldNamed } from "./field-names.ts";

const FIELD_MASK = "google.protobuf.FieldMask";

/** The paths of a mask's text, in proto spelling whichever spelling they came in. Empty text has none. */
export function maskPaths(text: string): string[] {
  return text
    .split(",")
    .map((path) => path.trim())
    .filter((path) => path !== "")
    .map((path) => (path.includes("_") ? path : protoSnakeCase(path)));
}

/** A mask's text in the one spelling that proto JSON knows. */
export function camelMask(text: string): string {
  return maskPaths(text).map(protoCamelCase).join(",");
}

/** The field `update_mask` of a request, where it has one. */
export function updateMaskField(message: DescMessage): (DescField & { fieldKind: "message" }) | null {
  const field = fieldNamed(message, "update_mask");
  return field?.fieldKind === "message" && field.message.typeName === FIELD_MASK ? field : null;
}

/** The mask that a body implies: its own top-level keys in proto spelling, null and empty values included. */
export function impliedMask(resource: DescMessage, body: JsonValue): string[] {
  return Object.keys(body as JsonObject).flatMap((key) => fieldNamed(resource, key)?.name ?? []);
}

const holders = new WeakMap<DescMessage, boolean>();

/** Rewrites every mask within a JSON value to the spelling that proto JSON knows; returns the value itself where none is. */
export function withCamelMasks(message: DescMessage, json: JsonValue): JsonValue {
  if (!holdsMask(message, new Set()) || typeof json !== "object" || json === null || Array.isArray(json)) {
    return json;
  }
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => {
      const field = fieldNamed(message, key);
      return [key, field ? rewritten(field, value) : value];
    }),
  );
}

function rewritten(field: DescField, value: JsonValue): JsonValue {
  if (field.fieldKind === "message" && field.message.typeName === FIELD_MASK) {
    return typeof value === "string" ? camelMask(value) : value;
  }
  if (field.fieldKind === "message") {
    return withCamelMasks(field.message, value);
  }
  if (field.fieldKind === "list" && field.listKind === "message" && Array.isArray(value)) {
    return value.map((item) => withCamelMasks(field.message, item));
  }
  return value;
}

function holdsMask(message: DescMessage, above: Set<DescMessage>): boolean {
  const known = holders.get(message);
  if (known !== undefined || above.has(message)) {
    return known ?? false;
  }
  above.add(message);
  const holds = message.fields.some((field) => {
    const inner =
      field.fieldKind === "message" || (field.fieldKind === "list" && field.listKind === "message")
        ? field.message
        : null;
    return inner !== null && (inner.typeName === FIELD_MASK || holdsMask(inner, above));
  });
  above.delete(message);
  if (above.size === 0) {
    holders.set(message, holds);
  }
  return holds;
}
