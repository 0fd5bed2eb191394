import { toBinary } from "@bufbuild/protobuf";
import { DurationSchema } from "@bufbuild/protobuf/wkt";
import { expect, it } from "vitest";
import { toDuration } from "./time.ts";

it("makes durations that every wire takes, to the microsecond", () => {
  for (const ms of [
    8.13,
    4.166,
    8.232,
    8.149,
    0,
    0.0004,
    999.9999,
    1000,
    86_400_000.001,
    ...Array.from({ length: 5000 }, (_, i) => i * 0.537),
  ]) {
    const duration = toDuration(ms);
    expect(() => toBinary(DurationSchema, duration), String(ms)).not.toThrow();
    expect(Number(duration.seconds) * 1000 + duration.nanos / 1e6).toBeCloseTo(ms, 2);
  }
});
