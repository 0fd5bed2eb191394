import { type DescField, type DescMessage, fromJson, type JsonObject, type JsonValue } from "@bufbuild/protobuf";
import { fieldNamed, isLeafMessage } from "./field-names.ts";
import { describeValue } from "./value-description.ts";

/** Where a JSON value does not fit its message, and why. An empty field stands for the value itself. */
export interface JsonFault {
  readonly field: string;
  readonly problem: string;
}

/**
 * Finds the first field of a JSON value that cannot be decoded into a message, by decoding the fields one at a time. Meant for
 * a value that has already failed as a whole, so that what fails here is what failed there. Null where each field by itself is
 * sound.
 */
export function locateFault(
  message: DescMessage,
  json: JsonValue | undefined,
  ignoreUnknown: boolean,
): JsonFault | null {
  if (!isObject(json)) {
    return { field: "", problem: "must be a JSON object" };
  }
  const seen = new Set<DescField>();
  for (const [key, value] of Object.entries(json)) {
    const field = fieldNamed(message, key);
    if (!field) {
      if (ignoreUnknown) {
        continue;
      }
      return { field: key, problem: "unknown field" };
    }
    if (seen.has(field)) {
      return { field: field.name, problem: "is given twice, in two spellings" };
    }
    seen.add(field);
    if (!decodes(message, { [field.name]: value }, ignoreUnknown)) {
      return faultIn(message, field, value, ignoreUnknown);
    }
  }
  for (const group of message.oneofs) {
    const names = group.fields.filter((field) => seen.has(field)).map((field) => field.name);
    if (names.length > 1) {
      return { field: names[1]!, problem: `excludes ${names[0]}` };
    }
  }
  return null;
}

function faultIn(message: DescMessage, field: DescField, value: JsonValue, ignoreUnknown: boolean): JsonFault {
  switch (field.fieldKind) {
    case "scalar":
      return { field: field.name, problem: describeValue(field.scalar) };
    case "enum":
      return { field: field.name, problem: describeValue(field.enum) };
    case "message":
      return inMessage(field.name, field.message, value, ignoreUnknown);
    case "map":
      if (!isObject(value)) {
        return { field: field.name, problem: "must be a JSON object" };
      }
      for (const [key, entry] of Object.entries(value)) {
        if (!decodes(message, { [field.name]: { [key]: entry } }, ignoreUnknown)) {
          const name = `${field.name}[${JSON.stringify(key)}]`;
          return field.mapKind === "message"
            ? inMessage(name, field.message, entry, ignoreUnknown)
            : { field: name, problem: describeValue(field.mapKind === "enum" ? field.enum : field.scalar) };
        }
      }
      return { field: field.name, problem: "cannot be decoded" };
    case "list":
      if (!Array.isArray(value)) {
        return { field: field.name, problem: "must be a JSON array" };
      }
      for (const [index, item] of value.entries()) {
        if (!decodes(message, { [field.name]: [item] }, ignoreUnknown)) {
          const name = `${field.name}[${index}]`;
          return field.listKind === "message"
            ? inMessage(name, field.message, item, ignoreUnknown)
            : { field: name, problem: describeValue(field.listKind === "enum" ? field.enum : field.scalar) };
        }
      }
      return { field: field.name, problem: "cannot be decoded" };
  }
}

function inMessage(name: string, message: DescMessage, value: JsonValue, ignoreUnknown: boolean): JsonFault {
  const inner = isLeafMessage(message) ? null : locateFault(message, value, ignoreUnknown);
  if (!inner) {
    return { field: name, problem: describeValue(message) };
  }
  return { field: inner.field === "" ? name : `${name}.${inner.field}`, problem: inner.problem };
}

function decodes(message: DescMessage, json: JsonObject, ignoreUnknownFields: boolean): boolean {
  try {
    fromJson(message, json, { ignoreUnknownFields });
    return true;
  } catch {
    return false;
  }
}

function isObject(json: JsonValue | undefined): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
