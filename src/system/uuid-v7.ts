import { randomFillSync } from "node:crypto";
import type { Clock } from "../domain/ports/clock.ts";
import type { IdSource } from "../domain/ports/id-source.ts";

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const POOL_BYTES = 4096;
const RANDOM_BYTES_AN_ID = 8;

/**
 * UUIDv7 (RFC 9562 §5.7, method 1): 48 bits of milliseconds, a 12-bit counter that keeps the ids of one millisecond in order, and
 * 62 random bits. A clock that steps back, or 4,096 ids in one millisecond, borrows from the next millisecond.
 */
export function createUuidV7Source(clock: Clock): IdSource {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;
  let lastMs = 0;
  let counter = 0;
  return {
    next() {
      const now = clock.now();
      if (now > lastMs) {
        lastMs = now;
        counter = 0;
      } else if (++counter > 0xfff) {
        lastMs += 1;
        counter = 0;
      }
      if (used + RANDOM_BYTES_AN_ID > POOL_BYTES) {
        randomFillSync(pool);
        used = 0;
      }
      const id = format(lastMs, counter, pool, used);
      used += RANDOM_BYTES_AN_ID;
      return id;
    },
  };
}

function format(ms: number, counter: number, random: Buffer, at: number): string {
  const time = ms.toString(16).padStart(12, "0");
  const byte = (index: number) => HEX[random[at + index]!]!;
  const variant = HEX[(random[at]! & 0x3f) | 0x80]!;
  const low = counter.toString(16).padStart(3, "0");
  const tail = byte(2) + byte(3) + byte(4) + byte(5) + byte(6) + byte(7);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${low}-${variant}${byte(1)}-${tail}`;
}
