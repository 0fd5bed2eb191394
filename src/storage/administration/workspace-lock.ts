import type { Statement } from "../engine/session.ts";

/**
 * $1 a workspace. Waits for those who write into it and shuts others out, to the end of the transaction: whoever inserts holds
 * the same lock shared, by the trigger `workspace_held`.
 */
export const LOCK_WORKSPACE: Statement = {
  name: "workspace_lock",
  text: "select pg_advisory_xact_lock(7342003, hashtext($1::text))",
};
