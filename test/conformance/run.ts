/**
 * Runs the official Connect conformance suite against our listener: `npm run test:conformance [-- runner flags]`, such as
 * `-- --run 'Basic/**' --trace`. Twice: with the fast path of unary calls and without. Fetches the runner when it is not
 * there, which needs Go; exits non-zero on any unexpected failure.
 */
import { spawnSync } from "node:child_process";
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";

const VERSION = "v1.0.6";
const root = join(import.meta.dirname, "..", "..");
const bin = join(root, ".cache", "bin");
const runner = join(bin, `connectconformance-${VERSION}`);
const config = join(import.meta.dirname, "config.yaml");
const server = join(import.meta.dirname, "server-under-test.ts");

fetchRunner();
const statuses = [[], ["--no-fast-path"]].map((serverFlags) => {
  // The runner gives a server 10 s to start: four at once may miss that on a busy machine of two cores.
  const flags = ["--max-servers", "2", "--mode", "server", "--conf", config, "-v", ...process.argv.slice(2)];
  const subject = [process.execPath, server, ...serverFlags];
  console.log(`\nunary calls by ${serverFlags.length > 0 ? "Connect's universal handlers" : "the fast path"}:`);
  return run(runner, [...flags, "--", ...subject]);
});
process.exitCode = statuses.every((status) => status === 0) ? 0 : 1;

function fetchRunner(): void {
  if (existsSync(runner)) {
    return;
  }
  const module = `connectrpc.com/conformance/cmd/connectconformance@${VERSION}`;
  if (run("go", ["install", module], { GOBIN: bin }) !== 0) {
    console.error(`cannot fetch ${module}: the suite needs Go and its module proxy`);
    process.exit(1);
  }
  renameSync(join(bin, "connectconformance"), runner);
}

function run(command: string, args: readonly string[], env: Record<string, string> = {}): number {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
  if (error) {
    console.error(error.message);
  }
  return status ?? 1;
}
