import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

interface Locked {
  version: string;
  integrity?: string;
  resolved?: string;
  optionalDependencies?: Record<string, string>;
  dependencies?: Record<string, string>;
}

const file = join(import.meta.dirname, "../../package-lock.json");
const packages: Record<string, Locked> = JSON.parse(readFileSync(file, "utf8")).packages;

describe("package-lock.json", () => {
  it("holds the packages of every platform: npm ci refuses a lock without them", () => {
    const missing: string[] = [];
    for (const [path, { optionalDependencies = {} }] of Object.entries(packages)) {
      for (const name of Object.keys(optionalDependencies)) {
        const places = [`${path}/node_modules/${name}`, `node_modules/${name}`];
        if (!places.some((place) => place in packages)) missing.push(`${path || "."}: ${name}`);
      }
    }
    expect(missing).toEqual([]);
  });

  it("pins every package by its hash and names no registry", () => {
    const entries = Object.entries(packages).filter(([path]) => path !== "");
    expect(entries.filter(([, entry]) => !entry.integrity?.startsWith("sha512-")).map(([path]) => path)).toEqual([]);
    expect(entries.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path)).toEqual([]);
  });

  it("holds one copy of the Postgres driver, which the ORM shares with us", () => {
    expect(Object.keys(packages).filter((path) => /(^|\/)node_modules\/pg$/.test(path))).toEqual(["node_modules/pg"]);
  });
});
