import type { DescField, DescMessage } from "@bufbuild/protobuf";

const byName = new WeakMap<DescMessage, ReadonlyMap<string, DescField>>();

/** The field that a JSON key or query parameter names: proto spelling or lowerCamelCase. */
export function fieldNamed(message: DescMessage, name: string): DescField | undefined {
  let fields = byName.get(message);
  if (!fields) {
    fields = new Map(
      message.fields.flatMap((field) => [
        [field.jsonName, field],
        [field.name, field],
      ]),
    );
    byName.set(message, fields);
  }
  return fields.get(name);
}

/** The fields along a dotted path, or null where a step names no field or goes through something that is no message. */
export function fieldsAlong(message: DescMessage, path: string): DescField[] | null {
  const fields: DescField[] = [];
  let at: DescMessage | undefined = message;
  for (const name of path.split(".")) {
    const field: DescField | undefined = at && fieldNamed(at, name);
    if (!field) {
      return null;
    }
    fields.push(field);
    at = field.fieldKind === "message" && !isLeafMessage(field.message) ? field.message : undefined;
  }
  return fields;
}

/** Whether a message is one value in JSON (a timestamp, a struct, a wrapper …), not an object of its fields. */
export function isLeafMessage(message: DescMessage): boolean {
  return (
    /^google\.protobuf\.(Timestamp|Duration|FieldMask|Struct|Value|ListValue|Any)$/.test(message.typeName) ||
    isWrapper(message)
  );
}

/** Whether a message is one of google.protobuf's wrappers of a scalar. */
export function isWrapper(message: DescMessage): boolean {
  return /^google\.protobuf\.(Bool|Bytes|Double|Float|String|U?Int(32|64))Value$/.test(message.typeName);
}
