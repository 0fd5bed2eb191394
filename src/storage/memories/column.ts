import type { JsonValue } from "../../domain/json.ts";
import { arrayLiteral } from "../engine/array-literal.ts";
import type { Value } from "../engine/session.ts";
import { namesOf } from "./codes.ts";

/** How one type of value passes between the domain, a statement's parameter, a row, and a revision's state. Null stays null. */
export interface ColumnType<T> {
  /** What a parameter is cast to. */
  readonly sql: string;
  encode(value: T): Value;
  /** From a row. */
  decode(stored: unknown): T;
  /** From the JSON of a revision's state. */
  fromState(stored: unknown): T;
}

/** What a column is to a write: part of the key, of the upsert tuple, of what replaces the body, or the server's own. */
export type Part = "identity" | "tuple" | "body" | "system" | "internal";

export interface Column<Property = unknown> {
  /** MikroORM's description of it. */
  readonly property: Property;
  // Values of one column meet their own codec alone; the record of columns has one for each.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly type: ColumnType<any>;
  readonly part: Part;
  /** Part of the searched text: a change of it asks for a new vector. */
  readonly searched: boolean;
  /** An update's mask may name it. */
  readonly patchable: boolean;
  /** A write brings its value. */
  readonly written: boolean;
}

function unchanged<T>(sql: string): ColumnType<T> {
  return {
    sql,
    encode: (value) => value as Value,
    decode: (stored) => stored as T,
    fromState: (stored) => stored as T,
  };
}

export const UUID = unchanged<string>("uuid");
export const TEXT = unchanged<string>("text");
export const INTEGER = unchanged<number>("integer");
export const SMALLINT = unchanged<number>("smallint");
export const DOUBLE = unchanged<number>("double precision");
export const LANGUAGE = unchanged<string>("regconfig");

export const TEXTS: ColumnType<readonly string[]> = { ...unchanged("text[]"), encode: arrayLiteral };

/** Keeps milliseconds. */
export const TIME: ColumnType<Date> = {
  ...unchanged("timestamptz"),
  encode: (value) => value.toISOString(),
  fromState: (stored) => new Date(stored as string),
};

/** `arrange` brings the stored value's keys into their own order, which jsonb does not keep. */
export function json<T>(arrange: (value: T) => unknown = (value) => value): ColumnType<T> {
  const read = (stored: unknown) => arrange(stored as T) as T;
  return { sql: "jsonb", encode: (value) => JSON.stringify(arrange(value)), decode: read, fromState: read };
}

export const METADATA = json<Readonly<Record<string, JsonValue>>>();

/** A name that is stored as a small integer. */
export function code<Name extends string>(codes: Readonly<Record<Name, number>>): ColumnType<Name> {
  const names = namesOf(codes);
  const read = (stored: unknown) => names[stored as number]!;
  return { sql: "smallint", encode: (name) => codes[name], decode: read, fromState: read };
}
