import type { MikroORM } from "@mikro-orm/sql";
import type { Administer } from "./migrate.ts";
import type { Session } from "./session.ts";

export type EngineName = "postgres" | "pglite";

/** One of the two databases that Cairn runs on, opened and not yet migrated. */
export interface Engine {
  readonly name: EngineName;
  readonly orm: MikroORM;
  readonly session: Session & { inTurn<T>(signal: AbortSignal | null, work: () => Promise<T>): Promise<T> };
  /** Runs `work` with a connection of the database's own user, while no other process does the same. */
  administer<T>(work: (administer: Administer) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
