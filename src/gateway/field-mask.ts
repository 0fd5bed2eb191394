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
