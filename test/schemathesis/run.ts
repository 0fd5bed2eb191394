/**
 * `npm run test:schemathesis [-- flags of schemathesis]`: a property-based client plays what /openapi.json says, native and TrustPager routes,
 * against a server of its own: no 500, no undocumented status, every answer true to its schema. Bounded by cases, not by time, and seeded.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorLines, type ServedApp, serveApp } from "../app/served-app.ts";
import { seed } from "./seed.ts";
import { type Seeds, settingsOf } from "./settings.ts";

const root = join(import.meta.dirname, "../..");
const folder = join(root, ".cache/schemathesis");
const program = join(folder, "venv/bin/st");
const requirements = join(import.meta.dirname, "requirements.txt");
const report = join(folder, "report.json");
/** Cases an operation in the examples and in the fuzzing phase; the coverage phase makes as many as the schema has corners. */
const EXAMPLES = 20;

process.exitCode = await main();

async function main(): Promise<number> {
  await install();
  const app = await serveApp("pglite");
  try {
    rmSync(report, { force: true });
    const code = await play(app, await seed(app));
    return verdict(code, app);
  } finally {
    await app.close();
  }
}

async function install(): Promise<void> {
  const stamp = join(folder, "pins");
  const wanted = readFileSync(requirements, "utf8");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"];
  const commands = [
    ["python3", "-m", "venv", join(folder, "venv")],
    [join(folder, "venv/bin/python"), ...pip, "-r", requirements],
  ] as const;
  for (const [command, ...args] of commands) {
    const code = await run(command, args);
    if (code !== 0) throw new Error(`schemathesis cannot be installed: ${command} ended with ${code}`);
  }
  writeFileSync(stamp, wanted);
}

async function play(app: ServedApp, seeds: Seeds): Promise<number> {
  const [settings, seedsFile] = [join(folder, "schemathesis.toml"), join(folder, "seeds.json")];
  writeFileSync(seedsFile, JSON.stringify(seeds));
  writeFileSync(settings, settingsOf(seeds, join(import.meta.dirname, "hooks.py"), app.rootKey), { mode: 0o600 });
  const bounds = ["--phases", "examples,coverage,fuzzing", "-n", String(EXAMPLES), "--seed", "7", "-w", "1"];
  const frame = ["--request-timeout", "60", "--generation-database", "none", "--no-color"];
  const reports = ["--report", "json", "--report-json-path", report];
  const args = [...bounds, ...frame, ...reports, ...process.argv.slice(2)];
  const env = { CAIRN_SEEDS: seedsFile, PYTHONPATH: import.meta.dirname, PYTHONDONTWRITEBYTECODE: "1" };
  return run(program, ["--config-file", settings, "run", `${app.url}/openapi.json`, ...args], env);
}

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

interface Report {
  readonly complete: boolean;
  readonly operations: { readonly total: number; readonly tested: number };
  readonly test_cases: { readonly generated: number };
  readonly failures: readonly { readonly operations: readonly string[] }[];
}

/** Counts operations: every one has to be played, and none may fail. */
function verdict(code: number, app: ServedApp): number {
  if (!existsSync(report)) throw new Error(`schemathesis ended with ${code} and has played nothing`);
  const { complete, operations, test_cases, failures } = JSON.parse(readFileSync(report, "utf8")) as Report;
  const errors = errorLines(app);
  for (const line of errors.slice(0, 10)) console.error(JSON.stringify(line));
  const failing = new Set(failures.flatMap((failure) => failure.operations)).size;
  const unplayed = operations.total - operations.tested;
  const bad = code === 0 && errors.length === 0 && complete ? 0 : Math.max(1, failing + unplayed);
  console.log(`${test_cases.generated} cases for ${operations.tested} of ${operations.total} operations`);
  console.log(`operations: ${operations.total - bad} passed, ${bad} failed`);
  return bad === 0 && operations.total > 0 && unplayed === 0 ? 0 : 1;
}
