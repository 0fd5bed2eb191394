import { asOperator, inWorkspace, type Session, type Statement } from "./session.ts";
import type { Tenancy } from "./tenancy.ts";

const ROWS_A_BATCH = 1000;

/**
 * In this order, as foreign keys have it; tags, links and vectors go with their memories, and what requests name with them. What a
 * write still holds is left out at first, and waited for one by one: who waits while it holds others meets a batch in a deadlock.
 */
const MEMORIES = "memory";
const TABLES = [
  ["memory_revision", "memory_id, revision"],
  ["request_record", "key_id, request_id"],
  ["agent", "id"],
] as const;

const ERASE_KEYS = { name: "erase_keys", text: "delete from api_key where workspace_id = $1::uuid" };
const ERASE_WORKSPACE = {
  name: "erase_workspace",
  text: "delete from workspace where id = $1::uuid and delete_time is not null",
};

/** Erases a workspace that is marked as deleted, in batches, so that no transaction is long; begun anew, it goes on. */
export async function eraseWorkspace(
  session: Session,
  tenancy: Tenancy,
  workspaceId: string,
  signal: AbortSignal | null,
): Promise<void> {
  const erase = async (statement: Statement, rows: number): Promise<void> => {
    let erased: number;
    do {
      erased = (await session.run(inWorkspace(workspaceId), statement, [workspaceId, rows], signal)).length;
    } while (erased === rows);
  };
  await erase(eraseRows(tenancy, MEMORIES, "id", "for update skip locked"), ROWS_A_BATCH);
  await erase(eraseRows(tenancy, MEMORIES, "id", "for update"), 1);
  for (const [table, key] of TABLES) {
    await erase(eraseRows(tenancy, table, key, ""), ROWS_A_BATCH);
  }
  await session.run(asOperator, ERASE_KEYS, [workspaceId], signal);
  await session.run(asOperator, ERASE_WORKSPACE, [workspaceId], signal);
}

function eraseRows(tenancy: Tenancy, table: string, key: string, lock: string): Statement {
  return {
    name: `erase_${table}${lock.replaceAll(" ", "_")}`,
    text: `with chosen as materialized (select ${key} from ${table} t where ${tenancy.of("t")} limit $2::integer ${lock})
      delete from ${table} d where ${tenancy.of("d")} and (${key}) in (select ${key} from chosen) returning 1`,
  };
}
