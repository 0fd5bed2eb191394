import { expect, it } from "vitest";
import { checkVersions } from "./server-versions.ts";

it.each([
  [140_012, "0.8.7", "Postgres 15 or newer is needed; this is 14"],
  [90_603, "0.8.7", "this is 9"],
  [170_000, null, "has no pgvector"],
  [170_000, "0.7.4", "pgvector 0.8 or newer is needed; this is 0.7.4"],
])("refuses Postgres %i with pgvector %s", (postgres, vector, message) => {
  expect(() => checkVersions({ postgres, vector })).toThrow(message);
});

it("warns below pgvector 0.8.4, and is content from there on", () => {
  expect(checkVersions({ postgres: 150_000, vector: "0.8.0" })).toContain("0.8.4 or newer is advised");
  for (const vector of ["0.8.4", "0.9.0", "1.0.0"]) {
    expect(checkVersions({ postgres: 180_003, vector })).toBeNull();
  }
});
