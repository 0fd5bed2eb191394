/**
 * `npm run test:pg [-- <vitest arguments>]`: the suites that run on a real Postgres, on the one that
 * CAIRN_TEST_DATABASE_URL names or else on one of its own, which it brings up and takes down again. They run on Postgres
 * alone; CAIRN_TEST_ENGINES=pglite,postgres runs them on both.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { startPostgres } from "./postgres/start-postgres.ts";
import { postgresSuites } from "./postgres/suites.ts";

const root = join(import.meta.dirname, "..");
const given = process.env.CAIRN_TEST_DATABASE_URL;
const named = process.argv.slice(2);
const suites = named.some((argument) => !argument.startsWith("-")) ? [] : postgresSuites(root);
if (named.length === 0 && suites.length === 0) {
  console.error("no suite reads CAIRN_TEST_DATABASE_URL");
  process.exit(1);
}

const own = given ? undefined : await startPostgres();
console.error(`suites on ${own ? `a Postgres of their own, port ${own.port}` : "CAIRN_TEST_DATABASE_URL"}`);
const vitest = spawn(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), "run", ...suites, ...named], {
  cwd: root,
  stdio: "inherit",
  env: {
    ...process.env,
    CAIRN_TEST_DATABASE_URL: own?.url ?? given,
    CAIRN_TEST_REQUIRE_POSTGRES: "1",
    CAIRN_TEST_ENGINES: process.env.CAIRN_TEST_ENGINES ?? "postgres",
  },
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => vitest.kill(signal));
const code = await new Promise<number>((resolve) => vitest.once("exit", (status) => resolve(status ?? 1)));
await own?.remove();
process.exit(code);
