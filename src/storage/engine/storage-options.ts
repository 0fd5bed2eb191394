import type { TenancyMode } from "./tenancy.ts";

export interface StorageOptions {
  /** `postgres://…`; null: PGlite in `dataDir`. */
  readonly databaseUrl: string | null;
  /** Folder of PGlite's data, made where it is missing; null: in memory. Not read where `databaseUrl` is set. */
  readonly dataDir: string | null;
  /**
   * What PGlite's folder promises. `full` (default): a write is on the disk when it is answered. `relaxed`: within half a minute
   * or so, when the system sees fit, and a power cut may leave a folder that does not open. Not read on Postgres.
   */
  readonly durability?: "full" | "relaxed";
  /** Runs pending migrations at once. Default true; false: an unmigrated database is refused. */
  readonly migrate?: boolean;
  /** Connections at most, on Postgres. Default 10. */
  readonly poolSize?: number;
  /** How long a call waits for a connection before OVERLOADED. Default 2,000 ms. */
  readonly poolWaitMs?: number;
  /** How long a statement may run on Postgres before DEADLINE_EXCEEDED, and a transaction wait for its next. Default 30,000 ms; 0: for ever. */
  readonly statementTimeoutMs?: number;
  /** How long the cancellation of a statement on Postgres may take before its connection is given up. Default 4,000 ms. */
  readonly cancelTimeoutMs?: number;
  /** How long connecting to Postgres may take. Default 5,000 ms. */
  readonly connectTimeoutMs?: number;
  /** Told of what an operator should know and nothing fails of. Default: nobody. */
  readonly onWarning?: (message: string) => void;
  /** Told where PGlite has ended for good, as after a PANIC: from then on every call is STORAGE_UNAVAILABLE. Default: nobody. */
  readonly onEnd?: (error: Error) => void;
  /** For the isolation suite alone: takes one of the two isolation layers between workspaces away. Default both. */
  readonly tenancy?: TenancyMode;
  /** For tests alone: a dump of PGlite's data folder to start from, in place of an empty cluster. */
  readonly template?: Blob;
}
