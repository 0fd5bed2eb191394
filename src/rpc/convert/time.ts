import { type Timestamp, timestampFromDate } from "@bufbuild/protobuf/wkt";

export const toTimestamp: (date: Date) => Timestamp = timestampFromDate;

/**
 * To the millisecond, cut off: the library rounds up, and the last nanosecond of the year 9999 would be none of ours. Null where
 * unset. Validation has refused what is no timestamp.
 */
export function fromTimestamp(timestamp: Timestamp | undefined): Date | null {
  if (timestamp === undefined) return null;
  return new Date(Number(timestamp.seconds) * 1000 + Math.floor(timestamp.nanos / 1e6));
}
