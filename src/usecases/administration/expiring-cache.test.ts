import { describe, expect, it } from "vitest";
import { ExpiringCache } from "./expiring-cache.ts";

describe("ExpiringCache", () => {
  it("looks a key up once within its time, and again after it", async () => {
    let now = 0;
    let loads = 0;
    const cache = new ExpiringCache<number>({ now: () => now }, 800);
    const load = async () => ++loads;
    expect(await cache.get("a", load)).toBe(1);
    now = 799;
    expect(await cache.get("a", load)).toBe(1);
    now = 800;
    expect(await cache.get("a", load)).toBe(2);
  });

  it("makes one lookup of many at one time", async () => {
    let loads = 0;
    const cache = new ExpiringCache<number>({ now: () => 0 }, 800);
    const load = async () => ++loads;
    expect(await Promise.all([cache.get("a", load), cache.get("a", load)])).toEqual([1, 1]);
  });

  it("keeps neither what was not found nor what failed", async () => {
    const cache = new ExpiringCache<number>({ now: () => 0 }, 800);
    expect(await cache.get("a", async () => null)).toBeNull();
    await expect(cache.get("a", () => Promise.reject(new Error("down")))).rejects.toThrow("down");
    expect(await cache.get("a", async () => 7)).toBe(7);
  });
});
