import { create, type JsonValue } from "@bufbuild/protobuf";
import { DurationSchema, FieldMaskSchema, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { fieldLimits } from "../../src/gateway/openapi/field-limits.ts";
import type { EdgeField, EdgeKind } from "./edge-fields.ts";

/** A value at an edge. `isBad`: it must be refused; otherwise it may be, and by no other field's name. */
export interface EdgeValue<T> {
  readonly value: T;
  readonly isBad: boolean;
}

const bad = <T>(...values: T[]): EdgeValue<T>[] => values.map((value) => ({ value, isBad: true }));
const open = <T>(...values: T[]): EdgeValue<T>[] => values.map((value) => ({ value, isBad: false }));

const INT32 = [-(2 ** 31), -1, 0, 1, 2 ** 31 - 1];
const INT64 = [-(2n ** 63n), -1n, 0n, 1n, 2n ** 63n - 1n];
const DOUBLES = [-0, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE];
const YEAR_1 = -62_135_596_800n;
const YEAR_10000 = 253_402_300_800n;
const MOST_DURATION = 315_576_000_000n;

const timestamp = (seconds: bigint, nanos = 0) => create(TimestampSchema, { seconds, nanos });
const duration = (seconds: bigint, nanos = 0) => create(DurationSchema, { seconds, nanos });
const mask = (...paths: string[]) => create(FieldMaskSchema, { paths });
const TOKENS = ["AAAA", "AQ", "===", " ", "%00", "🪨", "A".repeat(2000)];

const BINARY: Record<EdgeKind, readonly EdgeValue<unknown>[]> = {
  timestamp: [
    ...open(timestamp(YEAR_1), timestamp(-62_000_000_000n), timestamp(0n, 1), timestamp(YEAR_10000 - 1n, 999_999_999)),
    ...bad(timestamp(YEAR_1 - 1n), timestamp(YEAR_1 - 1n, 999_999_999), timestamp(YEAR_10000)),
    ...bad(timestamp(0n, -1), timestamp(0n, 1_000_000_000), timestamp(4_000_000_000n, -1)),
    ...bad(...INT32.filter((nanos) => Math.abs(nanos) > 1).map((nanos) => timestamp(0n, nanos))),
    ...bad(timestamp(INT64[0]!), timestamp(INT64[4]!), timestamp(INT64[4]!, 999_999_999)),
  ],
  duration: [
    ...open(duration(0n), duration(0n, 1), duration(1n), duration(MOST_DURATION), duration(-1n, -1)),
    ...bad(duration(MOST_DURATION + 1n), duration(-MOST_DURATION - 1n), duration(INT64[0]!), duration(INT64[4]!)),
    ...bad(
      duration(1n, -1),
      duration(-1n, 1),
      duration(1n, 1_000_000_000),
      duration(1n, INT32[4]),
      duration(1n, INT32[0]),
    ),
  ],
  mask: bad(
    ...[mask(), mask(""), mask("*"), mask("."), mask("a.b"), mask("no_field"), mask("__proto__")],
    ...[mask("constructor"), mask("toString"), mask("a\0b"), mask("\ud800"), mask("x".repeat(10_000))],
  ),
  double: [...open(...DOUBLES), ...bad(Number.NaN, Infinity, -Infinity)],
  int32: open(...INT32),
  int64: open(...INT64),
  bytes: open(new Uint8Array(), new Uint8Array([0]), new Uint8Array(10_000).fill(255)),
  enum: [...open(0, 1), ...bad(-1, 99, INT32[0], INT32[4])],
  token: bad(...TOKENS, "a\0b", "A".repeat(2001)),
};

const JSONS: Record<EdgeKind, readonly EdgeValue<JsonValue>[]> = {
  timestamp: [
    ...open("0001-01-01T00:00:00Z", "0099-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"),
    ...open("2999-02-30T00:00:00Z", "2999-01-01T24:00:00Z", "2999-01-01T00:00:00+23:59", "2999-01-01T23:59:60Z"),
    ...bad("0000-01-01T00:00:00Z", "0000-12-31T23:59:59.999999999Z", "0001-01-01T00:00:00+00:01"),
    ...bad("10000-01-01T00:00:00Z", "+010000-01-01T00:00:00Z", "9999-12-31T23:59:59-00:01", "-0001-01-01T00:00:00Z"),
    ...bad<JsonValue>(
      "2999-13-01T00:00:00Z",
      "2999-01-01T00:00:00.1234567891Z",
      "2999-01-01",
      "",
      "NaN",
      0,
      true,
      {},
      [],
    ),
  ],
  duration: [
    ...open("0s", "0.000000001s", "1s", "-1.5s", `${MOST_DURATION}s`),
    ...bad(`${MOST_DURATION + 1n}s`, `-${MOST_DURATION + 1n}s`, `${INT64[4]}s`, "99999999999999999999s"),
    ...bad<JsonValue>("1.0000000001s", "1e3s", "NaNs", "Infinitys", "s", "", "1", 1, true, {}, []),
  ],
  mask: bad<JsonValue>("", "*", ".", "a.b", "noField", "__proto__", "constructor", "x".repeat(10_000), 5, true, {}, []),
  double: [
    ...open<JsonValue>(...DOUBLES, "1", "1e-3"),
    ...bad<JsonValue>("NaN", "Infinity", "-Infinity", "1e400", " 1", "one", true, {}, []),
  ],
  int32: [
    ...open<JsonValue>(...INT32, "1", 1.0),
    ...bad<JsonValue>(2 ** 31, -(2 ** 31) - 1, `${2 ** 31}`, 1.5, 1e300, "NaN", "Infinity", "one", true, {}, []),
  ],
  int64: [
    ...open<JsonValue>(...INT64.map(String)),
    ...bad<JsonValue>(String(2n ** 63n), String(-(2n ** 63n) - 1n), 1.5, "NaN", "one", true, {}, []),
  ],
  bytes: [...open<JsonValue>("", "AA==", "_-8="), ...bad<JsonValue>("?", 5, true, {}, [])],
  enum: [...open<JsonValue>(0, 1), ...bad<JsonValue>(-1, 99, 2 ** 31, 1.5, "NO_SUCH_VALUE", "", true, {}, [])],
  token: bad<JsonValue>(...TOKENS, "A".repeat(2001), 5, true, {}, []),
};

/** Values to set in a message. */
export function binaryEdges(field: EdgeField): readonly EdgeValue<unknown>[] {
  return withLimits(field, BINARY[field.kind]);
}

/** Values to set in a request's JSON. */
export function jsonEdges(field: EdgeField): readonly EdgeValue<JsonValue>[] {
  return withLimits(field, JSONS[field.kind]);
}

/** The values on both sides of the contract's own limits as well, and what is beyond them as bad. */
function withLimits<T>({ kind, fields }: EdgeField, values: readonly EdgeValue<T>[]): readonly EdgeValue<T>[] {
  if (kind !== "int32" && kind !== "double") return values;
  const { value: limits } = fieldLimits(fields.at(-1)!);
  const least = Number(limits.minimum ?? -Infinity);
  const most = Number(limits.maximum ?? Infinity);
  const step = kind === "int32" ? 1 : 1e-9;
  const sides = [least - step, least, most, most + step].filter(Number.isFinite) as T[];
  const isBeyond = (value: unknown) => !(Number(value) >= least && Number(value) <= most);
  return [...values, ...open(...sides)].map(({ value, isBad }) => ({ value, isBad: isBad || isBeyond(value) }));
}
