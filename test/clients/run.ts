/**
 * `npm run test:clients [-- --only go,rust] [--write]`: every client plays the scenario of test/scenario.md over every wire that it has, against
 * a server on Postgres; then 1,000 searches that are stopped early, and a newcomer's first steps from each README.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startPostgres } from "../../scripts/postgres/start-postgres.ts";
import type { ClientLanguage } from "./client-language.ts";

const repository = join(import.meta.dirname, "../..");
const usage = `usage: npm run test:clients [-- <options>]
  --only <client>,…  these clients alone
  --write            puts the table into docs/clients-tested.md; needs all of them
  --help             this text`;

const { values } = parseArgs({
  options: { only: { type: "string" }, write: { type: "boolean" }, help: { type: "boolean", short: "h" } },
});
if (values.help) {
  console.log(usage);
} else {
  const given = process.env.CAIRN_TEST_DATABASE_URL;
  const own = given ? undefined : await startPostgres({ fsync: false });
  process.env.CAIRN_TEST_DATABASE_URL = given ?? own?.url;
  process.env.CAIRN_TEST_ENGINES = "postgres";
  try {
    process.exitCode = await main();
  } finally {
    await own?.remove();
  }
}

async function main(): Promise<number> {
  // The suites' harness reads the database's address when it is loaded.
  const { languages } = await import("./languages.ts");
  const { serveForClients } = await import("./test-server.ts");
  const { Examiner } = await import("./examiner.ts");
  const { tableOf, writeTable } = await import("./table.ts");
  const chosen = choose(languages, values.only);
  const server = await serveForClients();
  const examiner = new Examiner(server);
  try {
    for (const language of chosen) await examiner.examine(language);
  } finally {
    await server.close();
  }
  const table = tableOf(examiner.rows);
  console.log(`\n${table}\n`);
  if (values.write && values.only === undefined && examiner.failed === 0) {
    writeTable(join(repository, "docs/clients-tested.md"), table);
  }
  console.log(`clients: ${chosen.length}; steps: ${examiner.passed} passed, ${examiner.failed} failed`);
  return examiner.failed === 0 && examiner.passed > 0 ? 0 : 1;
}

function choose(languages: readonly ClientLanguage[], only: string | undefined): readonly ClientLanguage[] {
  if (only === undefined) return languages;
  return only.split(",").map((name) => {
    const found = languages.find((language) => language.name === name.trim());
    if (found === undefined) {
      console.error(`no client ${name}; there are ${languages.map((language) => language.name).join(", ")}`);
      process.exit(2);
    }
    return found;
  });
}
