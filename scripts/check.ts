/** `npm run check`: all that can be said of the sources without running them, in seconds and with no database. */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { targets } from "./generation/targets.ts";
import { staleFiles } from "./stale-files.ts";

const root = join(import.meta.dirname, "..");

/** Vendored protos stay as their owners format them; buf takes folders within a module, not the module itself. */
const vendored = readdirSync(join(root, "proto/third_party")).map(
  (folder) => `--exclude-path=proto/third_party/${folder}`,
);

interface Check {
  name: string;
  /** What to run when it fails. */
  remedy: string;
  /** Resolves to what is wrong, in the tool's own words; empty when nothing is. */
  faults: () => Promise<string>;
}

const checks: readonly Check[] = [
  { name: "biome", remedy: "npx biome check --write", faults: () => tool("biome", ["check", "--colors=off"]) },
  { name: "tsc", remedy: "fix the types", faults: () => tool("tsc", ["-p", "."]) },
  { name: "buf lint", remedy: "fix the protos", faults: () => tool("buf", ["lint"]) },
  {
    name: "buf format",
    remedy: `npx buf format -w ${vendored.join(" ")}`,
    faults: () => tool("buf", ["format", "-d", "--exit-code", ...vendored]),
  },
  { name: "generated code", remedy: "npm run generate", faults: staleInstantFiles },
];

const failed: Check[] = [];
for (const check of checks) {
  const began = performance.now();
  const faults = await check.faults().catch((error: unknown) => String(error));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${faults === "" ? "ok    " : "FAILED"} ${check.name} (${seconds} s)`);
  if (faults === "") continue;
  console.log(faults);
  failed.push(check);
}
for (const { name, remedy } of failed) console.log(`${name}: ${remedy}`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** Of what needs npm's packages alone; `npm run generate -- --check` looks at every language. */
async function staleInstantFiles(): Promise<string> {
  const stale: string[] = [];
  for (const target of targets.filter((one) => one.instant)) stale.push(...(await staleFiles(root, target)));
  return stale.join("\n");
}

function tool(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(join(root, "node_modules/.bin", program), args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => (output += text));
    child.once("error", (error) => resolve(String(error)));
    child.once("close", (code) => resolve(code === 0 ? "" : output.trim() || `${program} ended with code ${code}`));
  });
}
