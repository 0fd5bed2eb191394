import { asWorker, type Session, type Statement } from "../engine/session.ts";
import { ERASED_TABLES } from "./workspace-eraser.ts";

/** As the worker: workspaces whose deletion has begun, oldest first; $1 how many. */
export const DELETED_WORKSPACES: Statement = {
  name: "sweep_workspaces",
  text: "select id from workspace where delete_time is not null order by delete_time limit $1::integer",
};

const NIL = "00000000-0000-0000-0000-000000000000";

/** As the worker: the next workspaces that have rows in the table, one look into its index each; $1 cursor, $2 how many. */
function presentIn(table: string): Statement {
  const next = (after: string) =>
    `select t.workspace_id from ${table} t where t.workspace_id > ${after} order by t.workspace_id limit 1`;
  return {
    name: `sweep_present_in_${table}`,
    text: `with recursive present(id, place) as (
        select (${next("$1::uuid")}), 1
        union all
        select (${next("p.id")}), p.place + 1 from present p where p.id is not null and p.place < $2::integer)
      select p.id, not exists (select from workspace w where w.id = p.id) as orphan
      from present p where p.id is not null`,
  };
}

/** Goes through the tables again and again, a piece a call, for rows whose workspace is gone. */
export class OrphanScan {
  readonly #session: Session;
  readonly #tables = ERASED_TABLES.map((table) => ({ statement: presentIn(table), cursor: NIL }));

  constructor(session: Session) {
    this.#session = session;
  }

  /** Ids of workspaces that are gone and have left something. */
  async next(limit: number, signal: AbortSignal): Promise<readonly string[]> {
    const found: string[] = [];
    for (const table of this.#tables) {
      const rows = await this.#session.run(asWorker, table.statement, [table.cursor, limit], signal);
      table.cursor = rows.length < limit ? NIL : (rows.at(-1)!.id as string);
      found.push(...rows.filter((row) => row.orphan).map((row) => row.id as string));
    }
    return found;
  }
}
