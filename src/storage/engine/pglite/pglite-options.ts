import { join } from "node:path";
import { PGlite, type PGliteOptions } from "@electric-sql/pglite";
import { btree_gin } from "@electric-sql/pglite/contrib/btree_gin";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { unaccent } from "@electric-sql/pglite/contrib/unaccent";
import { vector } from "@electric-sql/pglite-pgvector";
import type { StorageOptions } from "../storage-options.ts";
import { PgliteEnd } from "./pglite-end.ts";
import { PgliteFolder } from "./pglite-folder.ts";

const CONFIGURATION = ["shared_buffers=32MB", "max_wal_size=64MB", "min_wal_size=32MB", "wal_recycle=off"];

/** Its `fdatasync` is a stub in WebAssembly, so that the log is synced by `fsync`. */
const DURABLE = [
  ...PGlite.defaultStartParams.filter((one) => one !== "-F"),
  "-c",
  "fsync=on",
  "-c",
  "wal_sync_method=fsync",
];

/** How the embedded engine is started, in memory or in its folder, whose lock the caller has. */
export function pgliteOptions(options: StorageOptions, end = new PgliteEnd(() => {})): PGliteOptions {
  return {
    ...(options.dataDir === null ? { dataDir: "memory://" } : inFolder(options.dataDir, options, end)),
    extensions: { vector, btree_gin, pg_trgm, unaccent },
    postgresqlconf: CONFIGURATION,
    ...(options.template ? { loadDataDir: options.template } : {}),
  };
}

function inFolder(dataDir: string, { durability, template }: StorageOptions, end: PgliteEnd) {
  const durable = durability !== "relaxed";
  const fs = new PgliteFolder(join(dataDir, "pglite"), { durable, inPlace: template !== undefined, end });
  return { fs, startParams: durable ? DURABLE : [...PGlite.defaultStartParams] };
}
