import { describe, expect, it } from "vitest";
import { createUuidV7Source } from "./uuid-v7.ts";

describe("createUuidV7Source()", () => {
  it("makes ids of version 7 whose first 48 bits are the millisecond", () => {
    const id = createUuidV7Source({ now: () => 1_700_000_000_123 }).next();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(1_700_000_000_123);
  });

  it("keeps 10,000 ids of one millisecond in order and distinct", () => {
    const source = createUuidV7Source({ now: () => 1_700_000_000_000 });
    const ids = Array.from({ length: 10_000 }, () => source.next());
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual(ids);
  });

  it("stays in order when the clock steps back", () => {
    const times = [1_700_000_000_010, 1_700_000_000_002, 1_700_000_000_003];
    const source = createUuidV7Source({ now: () => times.shift()! });
    const ids = [source.next(), source.next(), source.next()];
    expect(ids.toSorted()).toEqual(ids);
  });
});
