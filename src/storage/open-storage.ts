import { OrmAgentStore } from "./administration/agent-store.ts";
import { SqlKeyStore } from "./administration/key-store.ts";
import { SqlSweeper } from "./administration/sweeper.ts";
import { OrmWorkspaceStore } from "./administration/workspace-store.ts";
import { SqlEmbeddingBacklog } from "./embeddings/embedding-backlog.ts";
import { SqlGenerationStore } from "./embeddings/embedding-generations.ts";
import { PROMOTION, SqlEmbeddingQueue } from "./embeddings/embedding-queue.ts";
import type { Engine } from "./engine/engine.ts";
import { checkRoles, migrate, pendingMigrations } from "./engine/migrate.ts";
import { OrmSession } from "./engine/orm-session.ts";
import { openPglite } from "./engine/pglite/open-pglite.ts";
import { openPostgres } from "./engine/postgres/open-postgres.ts";
import { asApplication } from "./engine/session.ts";
import { StartupFailure } from "./engine/startup-failure.ts";
import type { StorageOptions } from "./engine/storage-options.ts";
import { tenancyOf } from "./engine/tenancy.ts";
import { MemoryRepository } from "./memories/memory-repository.ts";
import { SqlSearchStore } from "./search/search-store.ts";
import type { Storage } from "./storage.ts";

const PING = { name: "ping", text: "select 1 as one" };

/** Opens Postgres or PGlite, migrates it, and checks that its roles hold. Throws StartupFailure, one clear line. */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const engine = await openEngine(options);
  let migrated: readonly string[];
  try {
    migrated = await prepare(engine, options.migrate ?? true);
  } catch (error) {
    await engine.close();
    throw error;
  }
  const tenancy = tenancyOf(options.tenancy ?? "both");
  const { session } = engine;
  const orm = new OrmSession(engine.orm, session, tenancy.forced);
  return {
    engine: engine.name,
    memories: new MemoryRepository(orm.em, session, tenancy),
    searches: new SqlSearchStore(session, tenancy),
    agents: new OrmAgentStore(orm, tenancy),
    keys: new SqlKeyStore(session, orm, tenancy),
    workspaces: new OrmWorkspaceStore(session, orm, tenancy),
    embeddingQueue: new SqlEmbeddingQueue(session, tenancy, PROMOTION[engine.name]),
    embeddingBacklog: new SqlEmbeddingBacklog(session, tenancy),
    generations: new SqlGenerationStore(session, tenancy),
    sweeper: new SqlSweeper(session, tenancy),
    ...{ session, orm, tenancy },
    ping: async (signal) => {
      await engine.session.run(asApplication, PING, [], signal);
    },
    migrated,
    close: () => engine.close(),
  };
}

function openEngine(options: StorageOptions): Promise<Engine> {
  const { databaseUrl } = options;
  return databaseUrl === null ? openPglite(options) : openPostgres({ ...options, databaseUrl });
}

/** Answers the migrations that it ran, under a lock that other processes respect. */
async function prepare(engine: Engine, mayMigrate: boolean): Promise<readonly string[]> {
  const migrated = mayMigrate ? await migrateNow(engine) : [];
  if (!mayMigrate) {
    const pending = await engine.administer(pendingMigrations);
    if (pending.length > 0) {
      throw new StartupFailure(
        `the database lacks ${pending.length} migrations (${pending.join(", ")}); run: cairn migrate`,
      );
    }
  }
  await engine.administer(checkRoles);
  return migrated;
}

function migrateNow(engine: Engine): Promise<readonly string[]> {
  return engine.administer(async (administer) => {
    const pending = await pendingMigrations(administer);
    return pending.length === 0 ? [] : migrate(engine.orm, administer);
  });
}
