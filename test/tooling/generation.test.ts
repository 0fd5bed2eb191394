import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { differingFiles } from "../../scripts/differing-files.ts";

const folder = mkdtempSync(join(tmpdir(), "cairn-stale-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
}

it("names the generated files that differ, are missing or are left over, and no others", () => {
  write({ "committed/gen/v1/same.ts": "1", "committed/gen/v1/changed.ts": "2", "committed/gen/v1/gone.ts": "3" });
  write({ "committed/by-hand.ts": "4" });
  write({ "fresh/gen/v1/same.ts": "1", "fresh/gen/v1/changed.ts": "2 ", "fresh/gen/v1/deep/new.ts": "5" });
  expect(differingFiles(join(folder, "committed"), join(folder, "fresh"), "gen")).toEqual([
    "gen/v1/changed.ts (differs)",
    "gen/v1/deep/new.ts (missing)",
    "gen/v1/gone.ts (no longer generated)",
  ]);
});

it("misses every file of a folder that was never committed", () => {
  write({ "fresh/gen/openapi/openapi.json": "{}" });
  expect(differingFiles(join(folder, "committed"), join(folder, "fresh"), "gen/openapi")).toEqual([
    "gen/openapi/openapi.json (missing)",
  ]);
});
