import {
  type DescField,
  type DescMessage,
  getOption,
  type JsonObject,
  type JsonValue,
  type Message,
  toJson,
} from "@bufbuild/protobuf";
import { emit_null } from "../../gen/server/cairn/gateway/v1/options_pb.ts";

type NullWriter = (json: JsonObject) => JsonObject;

const writers = new WeakMap<DescMessage, NullWriter | null>();

/**
 * A message as REST shows it: proto field names, implicit values written, unset optional fields left out unless they carry the
 * `emit_null` option, then null.
 */
export function toRestJson(schema: DescMessage, message: Message): JsonValue {
  const json = toJson(schema, message, { useProtoFieldName: true, alwaysEmitImplicit: true });
  const writer = nullWriter(schema);
  return writer ? writer(json as JsonObject) : json;
}

/** One field of a message as REST shows it; null where a message field is unset. */
export function fieldToRestJson(schema: DescMessage, message: Message, field: DescField): JsonValue {
  return (toRestJson(schema, message) as JsonObject)[field.name] ?? null;
}

/** Whether REST writes null for this field where it is unset. */
export function emitsNull(field: DescField): boolean {
  return getOption(field, emit_null);
}

/** Writes the nulls of a message and of what it holds; null where neither has any. */
function nullWriter(schema: DescMessage): NullWriter | null {
  const known = writers.get(schema);
  if (known !== undefined) {
    return known;
  }
  if (!reachesNull(schema, new Set())) {
    writers.set(schema, null);
    return null;
  }
  const fields = [...schema.fields].sort((a, b) => a.number - b.number);
  const writer: NullWriter = (json) => {
    const out: JsonObject = {};
    for (const field of fields) {
      const value = json[field.name];
      if (value !== undefined) {
        out[field.name] = withInnerNulls(field, value);
      } else if (emitsNull(field)) {
        out[field.name] = null;
      }
    }
    return out;
  };
  writers.set(schema, writer);
  return writer;
}

function withInnerNulls(field: DescField, value: JsonValue): JsonValue {
  const inner = innerMessage(field);
  const writer = inner && nullWriter(inner);
  if (!writer || value === null) {
    return value;
  }
  if (field.fieldKind === "list") {
    return (value as JsonObject[]).map(writer);
  }
  if (field.fieldKind === "map") {
    return Object.fromEntries(
      Object.entries(value as JsonObject).map(([key, each]) => [key, writer(each as JsonObject)]),
    );
  }
  return writer(value as JsonObject);
}

function innerMessage(field: DescField): DescMessage | null {
  if (field.fieldKind === "message") {
    return field.message;
  }
  const holds =
    (field.fieldKind === "list" && field.listKind === "message") ||
    (field.fieldKind === "map" && field.mapKind === "message");
  return holds ? (field.message ?? null) : null;
}

function reachesNull(schema: DescMessage, above: Set<DescMessage>): boolean {
  if (above.has(schema)) {
    return false;
  }
  above.add(schema);
  return schema.fields.some((field) => {
    const inner = innerMessage(field);
    return emitsNull(field) || (inner !== null && reachesNull(inner, above));
  });
}
