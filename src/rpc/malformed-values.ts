import { type DescField, type DescMessage, type Message, ScalarType } from "@bufbuild/protobuf";
import { type Duration, DurationSchema, StructSchema, type Timestamp, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { invalidField } from "../domain/failure.ts";

type Check = (value: unknown, path: string) => void;

const checks = new Map<DescMessage, (message: Message, path: string) => void>();

/**
 * Refuses what the wire can carry and no handler can use, wherever it stands in the message: text that is no Unicode text for
 * Postgres (a NUL character or a lone surrogate, map keys and JSON payloads included), timestamps outside the years 1 to 9999 and
 * durations that are none. Throws INVALID_FIELD with the field's path. What to look at is worked out once a message type.
 */
export function refuseMalformedValues(schema: DescMessage, message: Message): void {
  checkOf(schema)(message, "");
}

function checkOf(schema: DescMessage): (message: Message, path: string) => void {
  const known = checks.get(schema);
  if (known) {
    return known;
  }
  const fields: { name: string; read: (message: Message) => unknown; check: Check }[] = [];
  checks.set(schema, (message, path) => {
    for (const field of fields) {
      const value = field.read(message);
      if (value !== undefined) {
        field.check(value, path === "" ? field.name : `${path}.${field.name}`);
      }
    }
  });
  for (const field of schema.fields) {
    const check = checkOfField(field);
    if (check) {
      fields.push({ name: field.name, read: reader(field), check });
    }
  }
  return checks.get(schema)!;
}

function reader(field: DescField): (message: Message) => unknown {
  const { oneof, localName } = field;
  if (oneof) {
    return (message) => {
      const choice = Reflect.get(message, oneof.localName) as { case?: string; value?: unknown };
      return choice.case === localName ? choice.value : undefined;
    };
  }
  return (message) => Reflect.get(message, localName);
}

function checkOfField(field: DescField): Check | undefined {
  const single = checkOfValue(field);
  if (field.fieldKind === "list" && single) {
    return (items, path) => {
      (items as unknown[]).forEach((item, index) => {
        single(item, `${path}[${index}]`);
      });
    };
  }
  // No request has a map of its own; its keys and values are strings or JSON, which this covers.
  return field.fieldKind === "map" ? checkJson : single;
}

function checkOfValue(field: DescField): Check | undefined {
  if (field.message) {
    const message = field.message;
    return LEAVES.get(message.typeName) ?? ((value, path) => checkOf(message)(value as Message, path));
  }
  return field.scalar === ScalarType.STRING ? checkText : undefined;
}

const checkText: Check = (value, path) => {
  const text = value as string;
  if (text.includes("\0")) {
    throw invalidField(path, "must not contain a NUL character");
  }
  if (!text.isWellFormed()) {
    throw invalidField(path, "must be well-formed Unicode, without lone surrogates");
  }
};

const checkJson: Check = (value, path) => {
  if (typeof value === "string") {
    checkText(value, path);
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      checkJson(item, `${path}[${index}]`);
    });
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      checkText(key, path);
      checkJson(item, `${path}.${key}`);
    }
  }
};

/** Seconds of the first instant of the year 1, and of the year 10000. */
const FIRST_SECOND = -62_135_596_800n;
const END_SECOND = 253_402_300_800n;
/** Some 10,000 years, protobuf's own bound. */
const MOST_SECONDS = 315_576_000_000n;
const LAST_NANO = 999_999_999;

const checkTimestamp: Check = (value, path) => {
  const { seconds, nanos } = value as Timestamp;
  if (seconds < FIRST_SECOND || seconds >= END_SECOND || nanos < 0 || nanos > LAST_NANO) {
    throw invalidField(path, "must be a timestamp of the years 1 to 9999, with nanos from 0 to 999,999,999");
  }
};

const checkDuration: Check = (value, path) => {
  const { seconds, nanos } = value as Duration;
  const isMixed = (seconds > 0n && nanos < 0) || (seconds < 0n && nanos > 0);
  if (seconds < -MOST_SECONDS || seconds > MOST_SECONDS || Math.abs(nanos) > LAST_NANO || isMixed) {
    throw invalidField(
      path,
      "must be a duration of at most 315,576,000,000 seconds, with nanos below 1,000,000,000 and of the same sign",
    );
  }
};

/** Messages that are one value. A Struct field is a plain JSON object in generated code. */
const LEAVES: ReadonlyMap<string, Check> = new Map([
  [StructSchema.typeName, checkJson],
  [TimestampSchema.typeName, checkTimestamp],
  [DurationSchema.typeName, checkDuration],
]);
