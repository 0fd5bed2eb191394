import { PGlite } from "@electric-sql/pglite";
import { MikroORM } from "@mikro-orm/pglite";
import type { Engine } from "../engine.ts";
import { ORM_CONFIG } from "../orm-config.ts";
import { StartupFailure } from "../startup-failure.ts";
import type { StorageOptions } from "../storage-options.ts";
import { tenancyOf } from "../tenancy.ts";
import { openDataFolder } from "./data-folder.ts";
import { DataFolderLock } from "./data-folder-lock.ts";
import { FreeSpace } from "./free-space.ts";
import { PgliteEnd } from "./pglite-end.ts";
import { PgliteMaintenance } from "./pglite-maintenance.ts";
import { pgliteOptions } from "./pglite-options.ts";
import { PgliteSession } from "./pglite-session.ts";
import { restoreStackAfterCalls } from "./pglite-stack.ts";

/** Of the one session; PGlite forgets them with it. */
const SESSION_SETTINGS = "set hnsw.iterative_scan = relaxed_order; set hnsw.ef_search = 200";

/** Opens the embedded engine in its folder, which it locks, or in memory. */
export async function openPglite(options: StorageOptions): Promise<Engine> {
  const { dataDir } = options;
  if (dataDir !== null) openDataFolder(dataDir, options.onWarning ?? (() => {}));
  const lock = dataDir === null ? null : await DataFolderLock.acquire(dataDir);
  const end = new PgliteEnd(options.onEnd ?? (() => {}));
  try {
    return await openLocked(options, lock, end);
  } catch (error) {
    lock?.release();
    throw error instanceof StartupFailure
      ? error
      : new StartupFailure(`cannot open the embedded database: ${end.lastWords || (error as Error).message}`, error);
  }
}

async function openLocked(options: StorageOptions, lock: DataFolderLock | null, end: PgliteEnd): Promise<Engine> {
  // Opened here and not by the ORM, whose merging of options would break the template.
  const pglite = await PGlite.create(pgliteOptions(options, end));
  try {
    return await serveWith(pglite, options, lock, end);
  } catch (error) {
    // Before the lock goes.
    if (!end.hasCome) await pglite.close();
    throw error;
  }
}

async function serveWith(
  pglite: PGlite,
  options: StorageOptions,
  lock: DataFolderLock | null,
  end: PgliteEnd,
): Promise<Engine> {
  restoreStackAfterCalls(pglite);
  const orm = await MikroORM.init({ ...ORM_CONFIG, dbName: "postgres", driverOptions: { pglite } });
  await pglite.exec(SESSION_SETTINGS);
  const session = new PgliteSession({
    pglite,
    end,
    space: options.dataDir === null ? null : new FreeSpace(options.dataDir),
    waitMs: options.poolWaitMs ?? 10_000,
    forced: tenancyOf(options.tenancy ?? "both").forced,
  });
  const maintenance = new PgliteMaintenance(session, options.onWarning ?? (() => {}));
  return {
    name: "pglite",
    orm,
    session,
    // The folder's lock keeps other processes out; parameters are text here as they are in `pg`.
    administer: (work) =>
      work(async (sql, values) => {
        const { rows } = await pglite.query<Record<string, unknown>>(sql, values as unknown[]);
        end.check();
        return rows;
      }),
    close: async () => {
      try {
        // An engine that is closed below a transaction never answers it.
        await session.close();
        await maintenance.close();
        await orm.close(true);
      } finally {
        // The ORM closes no engine that it was given, and the lock must outlast the engine.
        // One that has ended is left as a power cut would leave it: its log has all that was answered.
        if (!pglite.closed && !end.hasCome) await pglite.close().finally(() => lock?.release());
        else lock?.release();
      }
    },
  };
}
