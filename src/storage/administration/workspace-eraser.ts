import { setTimeout } from "node:timers/promises";
import { asOperator, inWorkspace, type Session, type Statement, type StepResult } from "../engine/session.ts";
import type { Tenancy } from "../engine/tenancy.ts";
import { LOCK_WORKSPACE } from "./workspace-lock.ts";

const ROWS_A_BATCH = 1000;
const RETRY_MS = 20;
const UNLESS_HELD = "for update skip locked";

/**
 * In this order, as foreign keys have it; tags, links, vectors and backlog go with their memories, and what requests name with
 * them. Who changes a row holds it before it asks for the workspace: a batch that waited for it would meet it in a deadlock.
 */
const TABLES = [
  ["memory", "id", UNLESS_HELD],
  ["memory_revision", "memory_id, revision", ""],
  ["request_record", "key_id, request_id", UNLESS_HELD],
  ["agent", "id", UNLESS_HELD],
] as const;

/** Tables that may hold rows of a workspace that is gone; each has an index that begins with workspace_id. */
export const ERASED_TABLES = TABLES.map(([table]) => table);

const ERASE_KEYS = { name: "erase_keys", text: "delete from api_key where workspace_id = $1::uuid" };
const ERASE_WORKSPACE = {
  name: "erase_workspace",
  text: "delete from workspace where id = $1::uuid and delete_time is not null",
};

/**
 * Erases a workspace that is marked as deleted, or is gone, in batches, so that no transaction is long; begun anew, it goes on.
 * Each batch has the workspace to itself: what was being written is there to be erased, and two who erase take turns.
 */
export async function eraseWorkspace(
  session: Session,
  tenancy: Tenancy,
  workspaceId: string,
  signal: AbortSignal | null,
): Promise<void> {
  for (const [table, key, lock] of TABLES) {
    const erase = eraseRows(tenancy, table, key, lock);
    const look = anyRow(tenancy, table);
    const batch = () =>
      session.transaction(inWorkspace(workspaceId), signal, async (tx) => {
        const [locked, erased, left] = await tx.pipeline([
          { statement: LOCK_WORKSPACE, values: [workspaceId] },
          { statement: erase, values: [workspaceId, ROWS_A_BATCH] },
          { statement: look, values: [workspaceId] },
        ]);
        rowsOf(locked!);
        return { erased: rowsOf(erased!), isLeft: rowsOf(left!) > 0 };
      });
    for (let last = await batch(); last.isLeft; last = await batch()) {
      // Only what others hold is left: they go on now, and let go of it.
      if (last.erased === 0) await setTimeout(RETRY_MS, undefined, signal === null ? {} : { signal });
    }
  }
  await session.run(asOperator, ERASE_KEYS, [workspaceId], signal);
  await session.run(asOperator, ERASE_WORKSPACE, [workspaceId], signal);
}

/** Throws what failed. */
function rowsOf(result: StepResult): number {
  if ("rows" in result) return result.rows.length;
  throw result.error;
}

function eraseRows(tenancy: Tenancy, table: string, key: string, lock: string): Statement {
  return {
    name: `erase_${table}`,
    text: `with chosen as materialized (select ${key} from ${table} t where ${tenancy.of("t")} limit $2::integer ${lock})
      delete from ${table} d where ${tenancy.of("d")} and (${key}) in (select ${key} from chosen) returning 1`,
  };
}

function anyRow(tenancy: Tenancy, table: string): Statement {
  return { name: `erase_left_${table}`, text: `select 1 from ${table} t where ${tenancy.of("t")} limit 1` };
}
