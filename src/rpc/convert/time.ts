import { type Timestamp, timestampDate, timestampFromDate } from "@bufbuild/protobuf/wkt";
import { invalidField } from "../../domain/failure.ts";

/** Last instant that the database and a JavaScript Date both know well: the end of the year 9999. */
const MAX_MS = 253_402_300_799_999;

export const toTimestamp: (date: Date) => Timestamp = timestampFromDate;

/** To the millisecond, cut off; null where unset. */
export function fromTimestamp(field: string, timestamp: Timestamp | undefined): Date | null {
  if (timestamp === undefined) {
    return null;
  }
  const date = timestampDate(timestamp);
  if (
    !(date.getTime() >= -MAX_MS && date.getTime() <= MAX_MS) ||
    timestamp.nanos < 0 ||
    timestamp.nanos > 999_999_999
  ) {
    throw invalidField(field, "is not a timestamp between the years 1 and 9999");
  }
  return date;
}
