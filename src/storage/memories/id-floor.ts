const LAST_MS = 2 ** 48 - 1;

/** The least UUID whose first 48 bits are this millisecond, clamped to what a UUIDv7 can say. */
export function idFloor(ms: number): string {
  const time = Math.min(Math.max(ms, 0), LAST_MS).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}
