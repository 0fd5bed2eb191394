import type { DescField, DescMessage, JsonValue } from "@bufbuild/protobuf";
import { malformed } from "./failure.ts";
import { camelMask } from "./field-mask.ts";
import { fieldNamed, isLeafMessage } from "./field-names.ts";
import { describeValue } from "./value-description.ts";

type Leaf = (message: DescMessage, value: string, path: string) => JsonValue;

/** What proto JSON's decoder takes too narrowly (masks) or too widely (dates, durations). */
const leaves = new Map<string, Leaf>([
  ["google.protobuf.FieldMask", (_, value) => camelMask(value)],
  ["google.protobuf.Timestamp", checked(isRealInstant)],
  ["google.protobuf.Duration", checked((text) => /^-?\d+(\.\d{1,9})?s$/.test(text))],
]);

const holders = new Map<DescMessage, boolean>();

/**
 * Rewrites the masks within a JSON value to the one spelling that proto JSON knows, and refuses days and hours that do not
 * exist, which its decoder would carry over into the next, and durations with a tail. Returns the value itself where the
 * message holds none of these.
 */
export function normaliseLeaves(message: DescMessage, json: JsonValue, path = ""): JsonValue {
  if (!holdsLeaf(message) || typeof json !== "object" || json === null || Array.isArray(json)) {
    return json;
  }
  // Entries, not assignment: a key may be `__proto__`.
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => {
      const field = fieldNamed(message, key);
      return [key, field ? normalised(field, value, path === "" ? field.name : `${path}.${field.name}`) : value];
    }),
  );
}

function normalised(field: DescField, value: JsonValue, path: string): JsonValue {
  if (field.fieldKind === "message") {
    return ofMessage(field.message, value, path);
  }
  if (field.fieldKind === "list" && field.listKind === "message" && Array.isArray(value)) {
    return value.map((item, index) => ofMessage(field.message, item, `${path}[${index}]`));
  }
  return value;
}

function ofMessage(message: DescMessage, value: JsonValue, path: string): JsonValue {
  const leaf = leaves.get(message.typeName);
  if (!leaf) {
    return isLeafMessage(message) ? value : normaliseLeaves(message, value, path);
  }
  return typeof value === "string" ? leaf(message, value, path) : value;
}

function checked(isSound: (text: string) => boolean): Leaf {
  return (message, value, path) => {
    if (!isSound(value)) {
      throw malformed(path, describeValue(message));
    }
    return value;
  };
}

/** Whether the clock time of a timestamp comes back unchanged, as that of February 30 and of 24:00 does not. */
function isRealInstant(text: string): boolean {
  const clock = text.slice(0, 19);
  const time = Date.parse(`${clock}Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(clock);
}

function holdsLeaf(message: DescMessage): boolean {
  const known = holders.get(message);
  if (known !== undefined) {
    return known;
  }
  // True while its own fields are looked at: messages that hold each other are walked, whether or not there is need.
  holders.set(message, true);
  const holds = message.fields.some((field) => {
    const inner =
      field.fieldKind === "message" || (field.fieldKind === "list" && field.listKind === "message")
        ? field.message
        : undefined;
    return inner !== undefined && (leaves.has(inner.typeName) || (!isLeafMessage(inner) && holdsLeaf(inner)));
  });
  holders.set(message, holds);
  return holds;
}
