import type { DescField, DescMessage, JsonObject, JsonValue } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { malformed } from "./failure.ts";
import { camelMask } from "./field-mask.ts";
import { fieldsAlong, isLeafMessage, isWrapper } from "./field-names.ts";
import { parseJsonText } from "./json-text.ts";
import { describeValue, type ValueType } from "./value-description.ts";

/** Collects path variables and query parameters as the JSON of one request message. */
export class Parameters {
  readonly json: JsonObject = {};
  readonly #input: DescMessage;
  readonly #given = new Set<string>();

  constructor(input: DescMessage) {
    this.#input = input;
  }

  /** Sets what a path variable captured. */
  setVariable(fields: readonly DescField[], text: string): void {
    const name = pathOf(fields);
    this.#given.add(name);
    this.#put(fields, fromText(name, valueType(fields.at(-1)!)!, text));
  }

  /**
   * Sets a query parameter, named in either spelling. `taken`: top-level field that the body holds. Refuses a name that is no
   * field, is bound elsewhere, or holds no value of its own; and a second value of a field that has one.
   */
  setQuery(name: string, text: string, taken: DescField | null): void {
    const fields = fieldsAlong(this.#input, name);
    const last = fields?.at(-1);
    if (!fields || !last) {
      throw malformed(name, "unknown query parameter");
    }
    const path = pathOf(fields);
    if (fields[0] === taken) {
      throw malformed(path, "belongs in the body, not in the query");
    }
    const type = valueType(last);
    if (type === null) {
      throw malformed(path, "cannot be a query parameter; name one of its fields, as in parent.child");
    }
    if (last.fieldKind === "list") {
      this.#append(fields, fromText(path, type, text));
      return;
    }
    if (this.#given.has(path)) {
      throw malformed(path, "is given twice");
    }
    this.#given.add(path);
    this.#put(fields, fromText(path, type, text));
  }

  #put(fields: readonly DescField[], value: JsonValue): void {
    this.#parent(fields)[fields.at(-1)!.name] = value;
  }

  #append(fields: readonly DescField[], value: JsonValue): void {
    const parent = this.#parent(fields);
    const name = fields.at(-1)!.name;
    const list = parent[name];
    if (Array.isArray(list)) {
      list.push(value);
    } else {
      parent[name] = [value];
    }
  }

  #parent(fields: readonly DescField[]): JsonObject {
    let at = this.json;
    for (const field of fields.slice(0, -1)) {
      at[field.name] ??= {};
      at = at[field.name] as JsonObject;
    }
    return at;
  }
}

function pathOf(fields: readonly DescField[]): string {
  return fields.map((field) => field.name).join(".");
}

/** The type of one parameter of a field, or null where text cannot give it. */
function valueType(field: DescField): ValueType | null {
  switch (field.fieldKind) {
    case "scalar":
      return field.scalar;
    case "enum":
      return field.enum;
    case "message":
      return isLeafMessage(field.message) ? field.message : null;
    case "list":
      return field.listKind === "scalar"
        ? field.scalar
        : field.listKind === "enum"
          ? field.enum
          : isLeafMessage(field.message)
            ? field.message
            : null;
    case "map":
      return null;
  }
}

/** The JSON value that a parameter's text stands for; range and membership are the decoder's to check. */
function fromText(path: string, type: ValueType, text: string): JsonValue {
  if (typeof type === "number") {
    return scalarFromText(path, type, text);
  }
  if (type.kind === "enum") {
    return /^-?\d+$/.test(text) ? Number(text) : text;
  }
  if (isWrapper(type)) {
    const field = type.fields[0]!;
    return field.fieldKind === "scalar" ? scalarFromText(path, field.scalar, text) : text;
  }
  switch (type.typeName) {
    case "google.protobuf.Struct":
    case "google.protobuf.Value":
    case "google.protobuf.ListValue":
    case "google.protobuf.Any":
      return parseJsonText(path, text);
    case "google.protobuf.FieldMask":
      return camelMask(text);
    default:
      return text;
  }
}

function scalarFromText(path: string, scalar: ScalarType, text: string): JsonValue {
  const fits = (form: RegExp) => {
    if (!form.test(text)) {
      throw malformed(path, describeValue(scalar));
    }
    return text;
  };
  switch (scalar) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return text;
    case ScalarType.BOOL:
      return fits(/^(true|false)$/) === "true";
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return fits(/^(NaN|-?Infinity|-?\d+(\.\d*)?([eE][+-]?\d+)?|-?\.\d+([eE][+-]?\d+)?)$/);
    default:
      return fits(/^-?\d+$/);
  }
}
