import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { StructSchema } from "@bufbuild/protobuf/wkt";
import { invalidField } from "../domain/failure.ts";

type Check = (value: unknown, path: string) => void;

const checks = new Map<DescMessage, (message: Message, path: string) => void>();

/**
 * Refuses text that is no Unicode text for Postgres: a NUL character or a lone surrogate, in any string of the message, map keys and
 * JSON payloads included. Throws INVALID_FIELD with the field's path. What to look at is worked out once a message type.
 */
export function refuseMalformedText(schema: DescMessage, message: Message): void {
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
    // A Struct field is a plain JSON object in generated code.
    return message.typeName === StructSchema.typeName
      ? checkJson
      : (value, path) => checkOf(message)(value as Message, path);
  }
  return field.scalar === 9 ? checkText : undefined;
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
