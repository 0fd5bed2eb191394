import { create } from "@bufbuild/protobuf";
import { type Duration, DurationSchema, type Timestamp, timestampFromDate } from "@bufbuild/protobuf/wkt";

export const toTimestamp: (date: Date) => Timestamp = timestampFromDate;

/**
 * To the millisecond, cut off: the library rounds up, and the last nanosecond of the year 9999 would be none of ours. Null where
 * unset. Validation has refused what is no timestamp.
 */
export function fromTimestamp(timestamp: Timestamp | undefined): Date | null {
  if (timestamp === undefined) return null;
  return new Date(Number(timestamp.seconds) * 1000 + Math.floor(timestamp.nanos / 1e6));
}

/** To the microsecond. In whole numbers throughout: the library's own nanos of 8.13 ms are 8130000.000000001, which no wire takes. */
export function toDuration(ms: number): Duration {
  const microseconds = Math.round(ms * 1000);
  const seconds = Math.floor(microseconds / 1e6);
  return create(DurationSchema, { seconds: BigInt(seconds), nanos: (microseconds - seconds * 1e6) * 1000 });
}
