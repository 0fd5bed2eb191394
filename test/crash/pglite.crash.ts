import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { amcheck } from "@electric-sql/pglite/contrib/amcheck";
import { btree_gin } from "@electric-sql/pglite/contrib/btree_gin";
import { vector } from "@electric-sql/pglite-pgvector";
import { afterAll, describe, it } from "vitest";
import { type ServedProcess, serveProcess } from "../process/served-process.ts";
import { findHalfWritten } from "./half-written.ts";
import { ROOT_KEY, runRounds } from "./rounds.ts";

describe("kill -9 of the server on PGlite", () => {
  const folder = mkdtempSync(join(tmpdir(), "cairn-crash-"));
  let server: ServedProcess | undefined;
  afterAll(async () => {
    await server?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it("loses no acknowledged write, leaves none half done, and serves the same folder again", async () => {
    const serve = () => serveProcess({ CAIRN_DATA_DIR: folder, CAIRN_ROOT_KEY: ROOT_KEY });
    server = await serve();
    await runRounds("kill -9 on PGlite", {
      url: () => server?.url as string,
      crash: async () => {
        await server?.kill();
      },
      recover: async () => {
        server = await serve();
      },
    });
    await server.kill();
    await inspect(join(folder, "pglite"));
  });
});

/** Opens the folder that the killed server left, as it is. */
async function inspect(dataDir: string): Promise<void> {
  if (!existsSync(join(dataDir, "PG_VERSION"))) throw new Error(`no database in ${dataDir}`);
  const database = await PGlite.create({ dataDir, extensions: { vector, btree_gin, amcheck } });
  try {
    await findHalfWritten(async (sql) => (await database.query<Record<string, unknown>>(sql)).rows);
  } finally {
    await database.close();
  }
}
