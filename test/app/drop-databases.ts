import { randomBytes } from "node:crypto";
import pg from "pg";

/** Once a run of vitest: names its databases on Postgres, and drops those that are left when the workers have ended. */
export default function setup(): (() => Promise<void>) | undefined {
  const url = process.env.CAIRN_TEST_DATABASE_URL;
  if (!url) return;
  process.env.CAIRN_TEST_RUN ??= randomBytes(4).toString("hex");
  const prefix = `cairn_test_${process.env.CAIRN_TEST_RUN}_`;
  return async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ datname: string }>(
      "select datname from pg_database where starts_with(datname, $1)",
      [prefix],
    );
    for (const { datname } of rows) await client.query(`drop database if exists ${datname} with (force)`);
    await client.end();
  };
}
