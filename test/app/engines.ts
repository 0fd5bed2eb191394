import { describe } from "vitest";

export type EngineName = "pglite" | "postgres";

/** URL of a Postgres whose user may make databases; undefined: the suites run on PGlite alone. */
export const postgresUrl: string | undefined = process.env.CAIRN_TEST_DATABASE_URL || undefined;

if (process.env.CAIRN_TEST_REQUIRE_POSTGRES === "1" && postgresUrl === undefined) {
  throw new Error("CAIRN_TEST_REQUIRE_POSTGRES is set, and CAIRN_TEST_DATABASE_URL is not");
}

const present: readonly EngineName[] = postgresUrl === undefined ? ["pglite"] : ["pglite", "postgres"];

/** `npm run test:pg` sets CAIRN_TEST_ENGINES to `postgres`: what PGlite does is `npm test`'s to show. */
const engines = present.filter((engine) => (process.env.CAIRN_TEST_ENGINES ?? present.join()).includes(engine));

/** One suite an engine, named `<claim> (<engine>)`. */
export function describeOnEngines(claim: string, suite: (engine: EngineName) => void): void {
  describe.each(engines)(`${claim} (%s)`, suite);
}

/** A suite of what only separate connections or processes can show. */
export function describeOnPostgres(claim: string, suite: (engine: EngineName) => void): void {
  describe.skipIf(postgresUrl === undefined)(`${claim} (postgres)`, () => suite("postgres"));
}
