/**
 * A real Postgres ≥ 17 with pgvector for the tests, on any Debian machine, without installing anything:
 *
 *   npm run -s postgres -- start     starts it if need be and prints its URL (export DATABASE_URL=$(…))
 *   npm run -s postgres -- url       prints the URL of the running one, or fails
 *   npm run -s postgres -- restart   stops it at once (no checkpoint) and starts it again
 *   npm run -s postgres -- kill      kill -9, as a crash would
 *   npm run -s postgres -- stop      stops it and keeps its data
 *   npm run -s postgres -- remove    stops it and erases its data
 *
 * `--no-fsync` with start or restart trades durability for speed; `--name <name>` names one of several.
 */
import { parseArgs } from "node:util";
import { runningPostgres, startPostgres } from "./postgres/start-postgres.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { name: { type: "string", default: "default" }, "no-fsync": { type: "boolean", default: false } },
});
const options = { name: values.name, fsync: !values["no-fsync"] };

switch (positionals[0]) {
  case "start":
    console.log((await startPostgres(options)).url);
    break;
  case "restart":
    await runningPostgres(values.name)?.stop("immediate");
    console.log((await startPostgres(options)).url);
    break;
  case "url": {
    const postgres = runningPostgres(values.name);
    if (postgres === undefined) fail("it is not running: npm run -s postgres -- start");
    console.log(postgres.url);
    break;
  }
  case "stop":
    await runningPostgres(values.name)?.stop();
    break;
  case "kill":
    await runningPostgres(values.name)?.kill();
    break;
  case "remove":
    await (runningPostgres(values.name) ?? (await startPostgres(options))).remove();
    break;
  default:
    fail("usage: npm run -s postgres -- start | url | restart | kill | stop | remove [--name <name>] [--no-fsync]");
}

function fail(line: string): never {
  console.error(line);
  process.exit(1);
}
