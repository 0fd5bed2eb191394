import type { WriteItem } from "../../domain/ports/memory-store.ts";
import { arrayLiteral } from "../engine/array-literal.ts";
import type { Statement, Step } from "../engine/session.ts";

const LOCK: Statement = {
  name: "memory_lock_tuples",
  text: `select pg_advisory_xact_lock(x.hash) as locked
    from (select distinct hashtextextended(t.tuple, 1) as hash from unnest($1::text[]) t(tuple) order by 1) x`,
};

/**
 * Locks the tuples of a batch in one order, whatever the order of its items: two batches of the same keys then wait for each
 * other instead of finding themselves in a deadlock, which Postgres takes a second to notice. A single write needs none of it.
 */
export function lockTuples(workspaceId: string, items: readonly WriteItem[]): readonly Step[] {
  const tuples = items
    .filter((item) => item.key !== null)
    .map(({ volumeId, agentId, subjectType, subjectId, kind, key }) =>
      JSON.stringify([workspaceId, volumeId, agentId, subjectType, subjectId, kind, key]),
    );
  return tuples.length < 2 ? [] : [{ statement: LOCK, values: [arrayLiteral(tuples)] }];
}
