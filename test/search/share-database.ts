import type { EngineName } from "../app/engines.ts";
import { type Database, openDatabase } from "./open-database.ts";

const opened = new Map<EngineName, Promise<Database>>();

/**
 * The database that the suites of this worker share: for those that work inside workspaces of their own and leave
 * generations, statistics and the sweeping of everything alone. `close` leaves it open, until the worker ends.
 */
export async function shareDatabase(engine: EngineName): Promise<Database> {
  const shared = opened.get(engine) ?? openDatabase(engine);
  opened.set(engine, shared);
  return { ...(await shared), close: async () => {} };
}
