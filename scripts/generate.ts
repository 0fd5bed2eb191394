/**
 * `npm run generate [-- --check] [--only <target>[,…]] [--instant]`: all generated code and documents from proto/, into gen/. The
 * plugins come at their first use into .cache/generation; after that no network is needed.
 */
import { parseArgs } from "node:util";
import { root } from "./generation/run-tool.ts";
import type { Target } from "./generation/target.ts";
import { targets } from "./generation/targets.ts";
import { staleFiles } from "./stale-files.ts";

const names = targets.map((target) => target.name).join(", ");
const usage = `usage: npm run generate [-- <options>]
  --check            changes nothing; fails where a committed file differs from what would be generated
  --only <target>,…  these alone: ${names}
  --instant          only what needs nothing beyond npm's packages
  --help             this text`;

const { values } = readArguments();
if (values.help) {
  console.log(usage);
} else {
  const chosen = choose(values.only, values.instant ?? false);
  let stale = 0;
  for (const target of chosen) stale += await make(target, values.check ?? false);
  if (stale > 0) {
    console.error(`${stale} files are stale: npm run generate${values.only ? ` -- --only ${values.only}` : ""}`);
    process.exitCode = 1;
  }
}

function readArguments() {
  const options = {
    check: { type: "boolean" },
    only: { type: "string" },
    instant: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  } as const;
  try {
    return parseArgs({ options });
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    process.exit(2);
  }
}

function choose(only: string | undefined, instant: boolean): readonly Target[] {
  const wanted = only?.split(",").map((name) => name.trim());
  const unknown = wanted?.find((name) => targets.every((target) => target.name !== name));
  if (unknown !== undefined) {
    console.error(`no target ${unknown}; there are ${names}`);
    process.exit(2);
  }
  return targets.filter((target) => (wanted?.includes(target.name) ?? true) && (!instant || target.instant));
}

/** Answers how many files are stale, which is 0 where they were made anew. */
async function make(target: Target, check: boolean): Promise<number> {
  const began = performance.now();
  await target.install();
  const installed = performance.now();
  const stale = check ? await staleFiles(root, target) : [];
  if (!check) await target.generate(root);
  const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1);
  const verdict = check ? (stale.length === 0 ? "fresh" : "STALE") : target.folders.join(", ");
  const times = `${seconds(installed, performance.now())} s, plugins ${seconds(began, installed)} s`;
  console.error(`${target.name.padEnd(8)} ${verdict} (${times})`);
  for (const file of stale) console.error(`  ${file}`);
  return stale.length;
}
