import {
  type DescField,
  type DescMessage,
  getOption,
  type JsonObject,
  type JsonValue,
  toJson,
} from "@bufbuild/protobuf";
import {
  FieldRulesSchema,
  field as fieldRules,
  MessageRulesSchema,
  message as messageRules,
} from "../../../gen/server/buf/validate/validate_pb.ts";

/** What buf.validate says of a field, as JSON Schema keywords. */
export interface FieldLimits {
  /** Keywords of the value, or of the list or map. */
  readonly value: JsonObject;
  /** Keywords of each item of a list, or value of a map. */
  readonly items: JsonObject;
  /** Whether a request without the field is refused. */
  readonly required: boolean;
  /** Whether a zero value passes, whatever `value` says. */
  readonly zeroPasses: boolean;
  /** Rules that JSON Schema cannot say, as sentences. */
  readonly notes: readonly string[];
}

/** The limits of a field, read from its buf.validate options. */
export function fieldLimits(field: DescField): FieldLimits {
  const rules = toJson(FieldRulesSchema, getOption(field, fieldRules)) as JsonObject;
  const value = keywords(rules);
  const list = (rules.repeated ?? rules.map) as JsonObject | undefined;
  const items = (list?.items ?? list?.values ?? {}) as JsonObject;
  const zeroPasses = rules.ignore === "IGNORE_IF_ZERO_VALUE" || rules.ignore === "IGNORE_ALWAYS";
  const implicit = !zeroPasses && field.presence === IMPLICIT && refusesZero(field, value);
  return {
    value,
    items: keywords(items),
    required: rules.required === true || implicit,
    zeroPasses: zeroPasses && Object.keys(value).length > 0,
    notes: celMessages(rules),
  };
}

/** The rules of a message as a whole, as sentences. */
export function messageNotes(message: DescMessage): readonly string[] {
  return celMessages(toJson(MessageRulesSchema, getOption(message, messageRules)) as JsonObject);
}

// google.protobuf.FeatureSet.FieldPresence.IMPLICIT, which protobuf-es keeps to itself.
const IMPLICIT = 2;

function celMessages(rules: JsonObject): string[] {
  return ((rules.cel ?? []) as JsonObject[]).map((rule) => String(rule.message));
}

function refusesZero(field: DescField, value: JsonObject): boolean {
  if (field.fieldKind === "list" || field.fieldKind === "map") {
    return Number(value.minItems ?? value.minProperties ?? 0) > 0;
  }
  const { minLength, pattern, format, minimum, exclusiveMinimum, enum: values } = value;
  return (
    Number(minLength ?? 0) > 0 ||
    (pattern !== undefined && !new RegExp(String(pattern), "u").test("")) ||
    format === "uuid" ||
    Number(minimum ?? 0) > 0 ||
    (exclusiveMinimum !== undefined && Number(exclusiveMinimum) >= 0) ||
    (Array.isArray(values) && !values.includes("") && !values.includes(0))
  );
}

const STRING_KEYWORDS: Readonly<Record<string, (limit: JsonValue) => JsonObject>> = {
  const: (limit) => ({ const: limit }),
  len: (limit) => ({ minLength: Number(limit), maxLength: Number(limit) }),
  minLen: (limit) => ({ minLength: Number(limit) }),
  maxLen: (limit) => ({ maxLength: Number(limit) }),
  pattern: (limit) => ({ pattern: limit }),
  in: (limit) => ({ enum: limit }),
  uuid: (limit) => (limit === true ? { format: "uuid" } : {}),
  email: (limit) => (limit === true ? { format: "email" } : {}),
  uri: (limit) => (limit === true ? { format: "uri" } : {}),
};

const NUMBER_KEYWORDS: typeof STRING_KEYWORDS = {
  const: (limit) => ({ const: limit }),
  gt: (limit) => ({ exclusiveMinimum: Number(limit) }),
  gte: (limit) => ({ minimum: Number(limit) }),
  lt: (limit) => ({ exclusiveMaximum: Number(limit) }),
  lte: (limit) => ({ maximum: Number(limit) }),
  in: (limit) => ({ enum: limit }),
};

const COLLECTION_KEYWORDS: typeof STRING_KEYWORDS = {
  minItems: (limit) => ({ minItems: Number(limit) }),
  maxItems: (limit) => ({ maxItems: Number(limit) }),
  unique: (limit) => (limit === true ? { uniqueItems: true } : {}),
  minPairs: (limit) => ({ minProperties: Number(limit) }),
  maxPairs: (limit) => ({ maxProperties: Number(limit) }),
};

/** The limits of 64-bit integers are left out: proto JSON writes them as strings. */
const KEYWORDS_BY_TYPE: Readonly<Record<string, typeof STRING_KEYWORDS>> = {
  string: STRING_KEYWORDS,
  repeated: COLLECTION_KEYWORDS,
  map: COLLECTION_KEYWORDS,
  ...Object.fromEntries(
    ["int32", "sint32", "uint32", "fixed32", "sfixed32", "double", "float"].map((type) => [type, NUMBER_KEYWORDS]),
  ),
};

function keywords(rules: JsonObject): JsonObject {
  const out: JsonObject = {};
  for (const [type, known] of Object.entries(KEYWORDS_BY_TYPE)) {
    for (const [rule, limit] of Object.entries((rules[type] ?? {}) as JsonObject)) {
      Object.assign(out, known[rule]?.(limit));
    }
  }
  return out;
}
