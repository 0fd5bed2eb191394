/**
 * `npm run breaking`: whether the protos still serve the clients of the last release (the newest tag that HEAD
 * descends from), or of main where nothing is released yet. `npm run breaking -- <ref>` compares with that ref.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const base = process.argv[2] ?? lastTag() ?? "main";
console.error(`against ${base}`);
const { status, error } = spawnSync(
  join(root, "node_modules/.bin/buf"),
  ["breaking", "--against", `.git#ref=${base}`],
  { cwd: root, stdio: "inherit" },
);
if (error) console.error(error.message);
process.exit(status ?? 1);

function lastTag(): string | undefined {
  const answer = spawnSync("git", ["describe", "--tags", "--abbrev=0"], { cwd: root, encoding: "utf8" });
  return answer.status === 0 ? answer.stdout.trim() : undefined;
}
