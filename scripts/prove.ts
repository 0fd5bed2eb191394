/**
 * `npm run prove`: what CI samples by the tenth, whole. Each proof prints its seed and its figures; the code is 0 only if all hold.
 *
 *   npm run prove               all of them, one after another: an hour and more
 *   npm run prove power-cuts    one, or several
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

interface Proof {
  readonly name: string;
  readonly command: readonly string[];
  /** How much of it, in the place of CI's tenth. */
  readonly environment: Readonly<Record<string, string>>;
}

const PROOFS: readonly Proof[] = [
  {
    name: "power-cuts",
    command: ["vitest", "run", "--config", "test/crash/vitest.config.ts", "test/crash/power-cut.crash.ts"],
    environment: { CAIRN_POWER_CUTS: "1000" },
  },
  {
    name: "folder-fights",
    command: ["vitest", "run", "--config", "test/crash/vitest.config.ts", "test/crash/folder-fights.crash.ts"],
    environment: { CAIRN_FOLDER_FIGHTS: "1000" },
  },
  {
    name: "fresh-tables",
    command: ["node", "scripts/test-postgres.ts", "test/search/fresh-tables.test.ts"],
    environment: { CAIRN_FRESH_MEMORIES: "100000" },
  },
];

const root = join(import.meta.dirname, "..");
const names = process.argv.slice(2);
const unknown = names.filter((name) => !PROOFS.some((proof) => proof.name === name));
if (unknown.length > 0) {
  console.error(`no proof ${unknown.join(", ")}; there are: ${PROOFS.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}

const summary: string[] = [];
for (const proof of PROOFS.filter(({ name }) => names.length === 0 || names.includes(name))) {
  console.log(`\n=== ${proof.name}`);
  const began = performance.now();
  const [program, ...args] = proof.command as [string, ...string[]];
  const { status } = spawnSync(join(root, "node_modules/.bin", program), args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...proof.environment },
  });
  if (status !== 0) process.exitCode = 1;
  summary.push(
    `${status === 0 ? "ok    " : "FAILED"} ${proof.name} (${Math.round((performance.now() - began) / 1000)} s)`,
  );
}
console.log(`\n${summary.join("\n")}`);
