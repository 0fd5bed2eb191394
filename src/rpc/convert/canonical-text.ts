import { type DescField, type DescMessage, type Message, ScalarType } from "@bufbuild/protobuf";
import {
  FeatureSet_FieldPresence,
  type FieldMask,
  FieldMaskSchema,
  isWrapperDesc,
  StructSchema,
  ValueSchema,
} from "@bufbuild/protobuf/wkt";

/** Characters after which the text is handed on, so that whoever takes it can let other work run in between. */
const PIECE = 65_536;

/** What has been written since the last piece. */
interface Sink {
  text: string;
}

type Writer = (sink: Sink, value: unknown) => Generator<void>;

/**
 * Text that two messages share exactly when they say the same, in pieces. Unlike their bytes, which follow the marshaller: Go
 * writes the entries of a map, and so the keys of a Struct, in another order each time. Keys are sorted; a list keeps its order, the
 * paths of a mask have none; a default of implicit presence is absent; -0 is 0; what the schema does not know says nothing.
 */
export function* canonicalText(schema: DescMessage, message: Message): Generator<string> {
  const sink: Sink = { text: "" };
  for (const _ of writerOf(schema)(sink, message)) {
    yield sink.text;
    sink.text = "";
  }
  yield sink.text;
}

const writers = new Map<DescMessage, Writer>();

/** What to write of a message type is worked out once. */
function writerOf(schema: DescMessage): Writer {
  const known = writers.get(schema);
  if (known !== undefined) {
    return known;
  }
  const fields: { key: string; read: (message: object) => unknown; write: Writer }[] = [];
  const writer: Writer = function* (sink, message) {
    sink.text += "{";
    for (const { key, read, write } of fields) {
      const value = read(message as object);
      if (value !== undefined) {
        sink.text += key;
        yield* write(sink, value);
      }
    }
    sink.text += "}";
  };
  writers.set(schema, schema.typeName === FieldMaskSchema.typeName ? maskWriter : writer);
  for (const field of schema.fields.toSorted((a, b) => a.number - b.number)) {
    fields.push({ key: `,${field.number}:`, read: reader(field), write: fieldWriter(field) });
  }
  return writers.get(schema)!;
}

/** The field's value; undefined where it is not set. */
function reader({ oneof, localName, fieldKind, presence, scalar }: DescField): (message: object) => unknown {
  if (oneof !== undefined) {
    return (message) => {
      const choice = Reflect.get(message, oneof.localName) as { case?: string; value?: unknown };
      return choice.case === localName ? choice.value : undefined;
    };
  }
  const read = (message: object): unknown => Reflect.get(message, localName);
  if (fieldKind === "list") {
    return (message) => ((read(message) as readonly unknown[]).length === 0 ? undefined : read(message));
  }
  if (fieldKind === "map") {
    return (message) => (Object.keys(read(message) as object).length === 0 ? undefined : read(message));
  }
  const isImplicit = presence === FeatureSet_FieldPresence.IMPLICIT;
  return (message) => {
    const value = read(message);
    return isImplicit && isDefault(value, scalar) ? undefined : value;
  };
}

/** By the field's own type: "0" is the default of a 64-bit number in text, and a text like any other. */
function isDefault(value: unknown, scalar: ScalarType | undefined): boolean {
  if (typeof value === "string") {
    return value === (scalar === ScalarType.STRING ? "" : "0");
  }
  return value === 0 || value === 0n || value === false || (value instanceof Uint8Array && value.length === 0);
}

function fieldWriter(field: DescField): Writer {
  const write = valueWriter(field);
  if (field.fieldKind === "list") {
    return (sink, items) => writeList(sink, items as readonly unknown[], write);
  }
  return field.fieldKind === "map" ? (sink, entries) => writeEntries(sink, entries as object, write) : write;
}

function valueWriter(field: DescField): Writer {
  const { message } = field;
  if (message === undefined) {
    return writeScalar;
  }
  // Generated code holds a Struct as plain JSON, but inside a Value; and a wrapper, where it is single, as what it wraps.
  if (message.typeName === StructSchema.typeName && field.parent.typeName !== ValueSchema.typeName) {
    return writeJson;
  }
  if (field.fieldKind === "message" && field.oneof === undefined && isWrapperDesc(message)) {
    return writeScalar;
  }
  return (sink, value) => writerOf(message)(sink, value);
}

// biome-ignore lint/correctness/useYield: a writer like the others, which has nothing to wait for.
const maskWriter: Writer = function* (sink, mask) {
  sink.text += JSON.stringify([...new Set((mask as FieldMask).paths)].sort());
};

// biome-ignore lint/correctness/useYield: a writer like the others, which has nothing to wait for.
const writeScalar: Writer = function* (sink, value) {
  sink.text += scalarText(value);
};

/** A Struct's JSON, keys sorted at every depth. */
function* writeJson(sink: Sink, value: unknown): Generator<void> {
  if (Array.isArray(value)) {
    yield* writeList(sink, value, writeJson);
  } else if (typeof value === "object" && value !== null) {
    yield* writeEntries(sink, value, writeJson);
  } else {
    sink.text += scalarText(value);
  }
}

function* writeList(sink: Sink, items: readonly unknown[], write: Writer): Generator<void> {
  sink.text += "[";
  for (const item of items) {
    if (isScalar(item)) {
      sink.text += `${scalarText(item)},`;
    } else {
      yield* write(sink, item);
      sink.text += ",";
    }
    if (sink.text.length >= PIECE) {
      yield;
    }
  }
  sink.text += "]";
}

function* writeEntries(sink: Sink, entries: object, write: Writer): Generator<void> {
  sink.text += "{";
  for (const key of Object.keys(entries).sort()) {
    const value = Reflect.get(entries, key);
    sink.text += `${JSON.stringify(key)}:`;
    if (isScalar(value)) {
      sink.text += `${scalarText(value)},`;
    } else {
      yield* write(sink, value);
      sink.text += ",";
    }
    if (sink.text.length >= PIECE) {
      yield;
    }
  }
  sink.text += "}";
}

/** Needs no writer of its own, which is too dear for the hundreds of thousands that a list may hold. */
function isScalar(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}

function scalarText(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return String(value + 0); // -0 is 0.
    default:
      return value instanceof Uint8Array ? `"${Buffer.from(value).toString("base64")}"` : String(value);
  }
}
