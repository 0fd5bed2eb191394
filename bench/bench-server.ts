import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Postgres, startPostgres } from "../scripts/postgres/start-postgres.ts";
import { openStorage } from "../src/storage/open-storage.ts";
import type { Storage } from "../src/storage/storage.ts";
import { type ServedProcess, serveProcess } from "../test/process/served-process.ts";

export const ROOT_KEY = "cairn_bench-root-key-0123456789abcdef";

/** As in production: fsync and synchronous_commit on, and room for 100,000 memories. */
const SETTINGS = { synchronous_commit: "on", shared_buffers: "2GB", maintenance_work_mem: "1GB", max_wal_size: "4GB" };

/** A Postgres of the row's own, with fsync, and what a row starts on it. */
export interface Bench {
  readonly databaseUrl: string;
  /** Starts `cairn serve` in a process of its own. CAIRN_BENCH_NODE_FLAGS goes to its Node, such as `--cpu-prof`. */
  serve(): Promise<ServedProcess>;
  /** The storage module in this process, migrated, to record its SQL. */
  storage(): Promise<Storage>;
}

/** Runs `work` and takes everything down after it. */
export async function withBench<T>(work: (bench: Bench) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "cairn-bench-"));
  const postgres: Postgres = await startPostgres({ fsync: true, settings: SETTINGS });
  const closing: (() => Promise<unknown>)[] = [];
  try {
    return await work({
      databaseUrl: postgres.url,
      serve: async () => {
        const server = await serveProcess(
          { DATABASE_URL: postgres.url, CAIRN_DATA_DIR: folder, CAIRN_ROOT_KEY: ROOT_KEY, LOG_LEVEL: "info" },
          process.env.CAIRN_BENCH_NODE_FLAGS?.split(" ") ?? [],
        );
        closing.push(() => server.stop());
        return server;
      },
      storage: async () => {
        const storage = await openStorage({ databaseUrl: postgres.url, dataDir: null, poolSize: 16 });
        closing.push(() => storage.close());
        return storage;
      },
    });
  } finally {
    for (const close of closing.reverse()) await close();
    await postgres.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}
