import { type DescEnum, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { isWrapper } from "./field-names.ts";

/** The type of one value: a scalar, an enum or a message. */
export type ValueType = ScalarType | DescEnum | DescMessage;

/** Says what a JSON value or a parameter of a type has to be, as the end of a sentence: `must be a string`. */
export function describeValue(type: ValueType): string {
  if (typeof type === "number") {
    return describeScalar(type);
  }
  if (type.kind === "enum") {
    return `must be one of ${type.values.map((value) => value.name).join(", ")}`;
  }
  if (isWrapper(type)) {
    const field = type.fields[0]!;
    return field.fieldKind === "scalar" ? describeScalar(field.scalar) : "must be a value";
  }
  switch (type.typeName) {
    case "google.protobuf.Timestamp":
      return "must be an RFC 3339 timestamp such as 2030-01-31T12:00:00Z";
    case "google.protobuf.Duration":
      return 'must be a duration in seconds such as "1.5s"';
    case "google.protobuf.FieldMask":
      return "must be a comma-separated list of field names";
    case "google.protobuf.ListValue":
      return "must be a JSON array, at most 100 levels deep";
    case "google.protobuf.Value":
      return "must be a JSON value, at most 100 levels deep";
    default:
      return "must be a JSON object, at most 100 levels deep";
  }
}

function describeScalar(scalar: ScalarType): string {
  switch (scalar) {
    case ScalarType.STRING:
      return "must be a string of well-formed Unicode";
    case ScalarType.BOOL:
      return "must be true or false";
    case ScalarType.BYTES:
      return "must be base64";
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return "must be a number within range";
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return "must be a whole number from 0 to 4294967295";
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return "must be a whole number from 0 to 18446744073709551615";
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return "must be a whole number from -9223372036854775808 to 9223372036854775807";
    default:
      return "must be a whole number from -2147483648 to 2147483647";
  }
}
