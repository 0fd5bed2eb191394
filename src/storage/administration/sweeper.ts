import type { Sweeper, Swept } from "../../domain/ports/sweeper.ts";
import { asWorker, inWorkspace, type Row, type Session, type Statement } from "../engine/session.ts";
import type { Tenancy } from "../engine/tenancy.ts";
import { erasureParts } from "../memories/erasure.ts";
import { DELETED_WORKSPACES, OrphanScan } from "./deleted-workspaces.ts";
import { eraseWorkspace } from "./workspace-eraser.ts";

/** As the worker; $1 how many. */
const PAST_RETENTION: Statement = {
  name: "sweep_memories_due",
  text: `select w.id as workspace_id, w.retention_ms, m.id
    from workspace w
    cross join lateral (
      select m.id from memory m
      where m.workspace_id = w.id
        and coalesce(m.delete_time, m.expire_time) < now() - w.retention_ms * interval '1 millisecond'
      order by coalesce(m.delete_time, m.expire_time) limit $1::integer) m
    where w.delete_time is null
    limit $1::integer`,
};

/** As the worker; $1 how many. */
const OLD_REQUESTS: Statement = {
  name: "sweep_requests_due",
  text: `select workspace_id, key_id, request_id from request_record
    where create_time < now() - interval '24 hours' order by create_time limit $1::integer`,
};

/**
 * $2 ids, $3 retention. A memory that was revived meanwhile stays, and what a writer holds is for the next time: who waits for one
 * while it holds others meets a batch in a deadlock.
 */
function purge(tenancy: Tenancy): Statement {
  return {
    name: "sweep_memories",
    text: `with free as materialized (
        select m.id from memory m where ${tenancy.of("m")} and m.id = any($2::uuid[]) for update skip locked),
      victim as (
        delete from memory m using free
        where ${tenancy.of("m")} and m.id = free.id
          and coalesce(m.delete_time, m.expire_time) < now() - $3::bigint * interval '1 millisecond'
        returning m.id),
      ${erasureParts(tenancy)}
      select id from victim`,
  };
}

/** $2 key ids, $3 request ids as a JSON list, as they are free text. */
function forget(tenancy: Tenancy): Statement {
  return {
    name: "sweep_requests",
    text: `delete from request_record q
      using unnest($2::uuid[], array(select jsonb_array_elements_text($3::jsonb))) as j(key_id, request_id)
      where ${tenancy.of("q")} and q.key_id = j.key_id and q.request_id = j.request_id
        and q.create_time < now() - interval '24 hours'
      returning q.request_id`,
  };
}

/** Erases what is past its retention. The worker's role finds it in any workspace; the erasing happens inside one. */
export class SqlSweeper implements Sweeper {
  readonly #session: Session;
  readonly #tenancy: Tenancy;
  readonly #purge: Statement;
  readonly #forget: Statement;
  readonly #orphans: OrphanScan;

  constructor(session: Session, tenancy: Tenancy) {
    this.#session = session;
    this.#tenancy = tenancy;
    this.#purge = purge(tenancy);
    this.#forget = forget(tenancy);
    this.#orphans = new OrphanScan(session);
  }

  async sweep(limit: number, signal: AbortSignal): Promise<Swept> {
    const memories = await this.#memories(limit);
    const requests = await this.#requests(limit);
    return { memories, requests, workspaces: await this.#workspaces(limit, signal) };
  }

  /** One that cannot be erased keeps none of the others waiting. */
  async #workspaces(limit: number, signal: AbortSignal): Promise<number> {
    const unfinished = await this.#session.run(asWorker, DELETED_WORKSPACES, [limit], signal);
    const gone = new Set([...unfinished.map((row) => row.id as string), ...(await this.#orphans.next(limit, signal))]);
    const failures: unknown[] = [];
    for (const id of gone) {
      signal.throwIfAborted();
      await eraseWorkspace(this.#session, this.#tenancy, id, signal).catch((error) => failures.push(error));
    }
    if (failures.length > 0) {
      throw failures[0];
    }
    return gone.size;
  }

  async #memories(limit: number): Promise<number> {
    const due = await this.#session.run(asWorker, PAST_RETENTION, [limit], null);
    let count = 0;
    for (const [workspaceId, rows] of byWorkspace(due)) {
      const ids = `{${rows.map((row) => row.id).join(",")}}`;
      const values = [workspaceId, ids, rows[0]!.retention_ms as number];
      count += (await this.#session.run(inWorkspace(workspaceId), this.#purge, values, null)).length;
    }
    return count;
  }

  async #requests(limit: number): Promise<number> {
    const due = await this.#session.run(asWorker, OLD_REQUESTS, [limit], null);
    let count = 0;
    for (const [workspaceId, rows] of byWorkspace(due)) {
      const keyIds = `{${rows.map((row) => row.key_id).join(",")}}`;
      const requestIds = JSON.stringify(rows.map((row) => row.request_id));
      const values = [workspaceId, keyIds, requestIds];
      count += (await this.#session.run(inWorkspace(workspaceId), this.#forget, values, null)).length;
    }
    return count;
  }
}

function byWorkspace(rows: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, (row) => row.workspace_id as string);
}
