import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { staleFiles } from "../../scripts/stale-files.ts";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "cairn-stale-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("names the generated files that differ, are missing or are left over, and no others", () => {
  cpSync(join(root, "gen"), join(folder, "gen"), { recursive: true });
  cpSync(join(root, "test/conformance/gen"), join(folder, "test/conformance/gen"), { recursive: true });
  appendFileSync(join(folder, "gen/server/cairn/v1/memory_pb.ts"), "// changed by hand\n");
  rmSync(join(folder, "gen/ts/src/gen/cairn/v1/key_pb.js"));
  writeFileSync(join(folder, "gen/ts/src/gen/cairn/v1/gone_pb.js"), "");
  // Whatever else is stale in the repository itself is another check's affair.
  const already = staleFiles(root);
  expect(staleFiles(folder).filter((file) => !already.includes(file))).toEqual([
    "gen/server/cairn/v1/memory_pb.ts (differs)",
    "gen/ts/src/gen/cairn/v1/gone_pb.js (no longer generated)",
    "gen/ts/src/gen/cairn/v1/key_pb.js (missing)",
  ]);
});
