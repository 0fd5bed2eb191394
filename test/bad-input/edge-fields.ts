import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { isLeafMessage } from "../../src/gateway/field-names.ts";

/** What a field's values are like at their edges. */
export type EdgeKind = "timestamp" | "duration" | "mask" | "double" | "int32" | "int64" | "bytes" | "enum" | "token";

/** A field of a request, however deep, whose values have edges. */
export interface EdgeField {
  readonly kind: EdgeKind;
  /** Fields along the way from the request's root, itself the last. A list is entered at its first item. */
  readonly fields: readonly DescField[];
}

/** Every field below a message whose values have edges; messages within each other are entered once. */
export function edgeFieldsOf(
  message: DescMessage,
  before: readonly DescField[] = [],
  entered: readonly DescMessage[] = [],
): EdgeField[] {
  return message.fields.flatMap((field) => {
    const fields = [...before, field];
    const kind = kindOf(field);
    if (kind !== null) return [{ kind, fields }];
    const inner = field.message;
    const isEntered = inner === undefined || isLeafMessage(inner) || entered.includes(inner);
    return isEntered ? [] : edgeFieldsOf(inner, fields, [...entered, inner]);
  });
}

/** As an error names the field: `writes[0].memory.confidence`. */
export function pathOf(fields: readonly DescField[]): string {
  return fields.map((field) => (field.fieldKind === "list" ? `${field.name}[0]` : field.name)).join(".");
}

const MESSAGES: ReadonlyMap<string, EdgeKind> = new Map([
  ["google.protobuf.Timestamp", "timestamp"],
  ["google.protobuf.Duration", "duration"],
  ["google.protobuf.FieldMask", "mask"],
]);

const SCALARS: ReadonlyMap<ScalarType, EdgeKind> = new Map([
  [ScalarType.DOUBLE, "double"],
  [ScalarType.FLOAT, "double"],
  [ScalarType.BYTES, "bytes"],
  ...[ScalarType.INT32, ScalarType.SINT32, ScalarType.SFIXED32].map((type) => [type, "int32"] as const),
  ...[ScalarType.INT64, ScalarType.SINT64, ScalarType.SFIXED64].map((type) => [type, "int64"] as const),
]);

function kindOf(field: DescField): EdgeKind | null {
  if (field.enum) return "enum";
  if (field.message) return MESSAGES.get(field.message.typeName) ?? null;
  if (field.name === "page_token") return "token";
  const kind = field.scalar === undefined ? null : (SCALARS.get(field.scalar) ?? null);
  if (kind === null && ![ScalarType.STRING, ScalarType.BOOL].includes(field.scalar!)) {
    throw new Error(`${field.parent.typeName}.${field.name}: no edge values for its type`);
  }
  return kind;
}
