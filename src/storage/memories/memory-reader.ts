import { EntityRepository, type SqlEntityManager } from "@mikro-orm/sql";
import type { Memory, MemoryFilter, Revision } from "../../domain/memory.ts";
import { memoryNotFound } from "../../domain/memory-not-found.ts";
import type { Access, ListCommand, Visible } from "../../domain/ports/memory-store.ts";
import { Parameters } from "../engine/parameters.ts";
import { inWorkspace, type Session, type Statement } from "../engine/session.ts";
import { StatementNames } from "../engine/statement-names.ts";
import type { Tenancy } from "../engine/tenancy.ts";
import { READABLE } from "./change-statements.ts";
import { facetsOf } from "./facets.ts";
import { MemoryEntity, type MemoryRow } from "./memory-entity.ts";
import { filterOf, LIVE, viewOf } from "./memory-predicates.ts";
import { memoryColumns, toMemory, toRevision } from "./memory-row.ts";

/**
 * A plan that is kept for any kind walks the whole workspace for a rare one. None reads the tables of all workspaces, and none sorts
 * all that fits where an index has it newest first: before there are statistics everything seems to be little.
 */
const BY_VALUE = { plan_cache_mode: "force_custom_plan", enable_seqscan: "off", enable_sort: "off", jit: "off" };

/** Where a page ends early whatever else its memories hold: no memory takes fewer bytes in an answer than its content does. */
const MAX_PAGE_BYTES = 2 * 1024 * 1024;

/** Reads memories and their revisions. What the principal may not read counts as absent. */
export class MemoryReader extends EntityRepository<MemoryRow> {
  readonly #session: Session;
  readonly #tenancy: Tenancy;
  readonly #names = new StatementNames("memory_list_", 64);
  readonly #get: Statement;
  readonly #revisions: Statement;
  readonly #readable: Statement;

  constructor(em: SqlEntityManager, session: Session, tenancy: Tenancy) {
    super(em, MemoryEntity);
    this.#session = session;
    this.#tenancy = tenancy;
    this.#get = {
      name: "memory_get",
      text: `select ${memoryColumns("m")} from memory m where ${tenancy.of("m")} and m.id = $2::uuid and ${READABLE}
        and ($5::boolean or m.delete_time is null)
        and ($6::boolean or m.expire_time is null or m.expire_time > now())`,
    };
    this.#revisions = {
      name: "memory_revisions",
      text: revisionsSql(tenancy),
    };
    this.#readable = {
      name: "memory_readable",
      text: `select m.id from memory m where ${tenancy.of("m")} and m.id = $2::uuid and ${READABLE}
        union all
        select r.memory_id from memory_revision r
        where ${tenancy.of("r")} and r.memory_id = $2::uuid and $3::uuid is null and $4::uuid is null
        limit 1`,
    };
  }

  async get(access: Access, id: string, visible: Visible, signal: AbortSignal): Promise<Memory | null> {
    const { workspaceId, agentId, volumeId } = access;
    const values = [workspaceId, id, agentId, volumeId, visible.showDeleted, visible.showExpired];
    const [row] = await this.#session.run(inWorkspace(workspaceId), this.#get, values, signal);
    return row === undefined ? null : toMemory(row);
  }

  async getLive(
    access: Access,
    ids: readonly string[],
    filter: MemoryFilter,
    signal: AbortSignal,
  ): Promise<readonly Memory[]> {
    if (ids.length === 0) {
      return [];
    }
    const parameters = new Parameters();
    parameters.add(access.workspaceId, "uuid");
    const wanted = parameters.add(`{${ids.join(",")}}`, "uuid[]");
    const text = `select ${memoryColumns("m")} from memory m
      where ${this.#tenancy.of("m")} and m.id = any(${wanted}) and ${LIVE}
        and ${viewOf(access, parameters)} and ${filterOf(filter, parameters)}`;
    return this.#read(access, text, parameters, signal);
  }

  list(access: Access, command: ListCommand, signal: AbortSignal): Promise<readonly Memory[]> {
    const parameters = new Parameters();
    parameters.add(access.workspaceId, "uuid");
    const condition = [
      this.#tenancy.of("m"),
      viewOf(access, parameters),
      filterOf(command.filter, parameters),
      ...(command.beforeId === null ? [] : [`m.id < ${parameters.add(command.beforeId, "uuid")}`]),
      ...(command.showDeleted ? [] : ["m.delete_time is null"]),
      ...(command.showExpired ? [] : ["(m.expire_time is null or m.expire_time > now())"]),
    ].join(" and ");
    const facets = facetsOf(command.filter, this.#tenancy, parameters);
    const newest = `order by m.id desc limit ${parameters.add(command.limit, "integer")}`;
    // The rows behind the page's end stay where they are: only their lengths are read.
    const text = `with ${facets.ctes}page as (
        select m.*, sum(octet_length(m.content)) over (order by m.id desc) - octet_length(m.content) as before
        from (select * from (${facets.rows(memoryColumns("m"), condition, newest)}) m ${newest}) m)
      select ${memoryColumns("m")} from page m where m.before < ${MAX_PAGE_BYTES} order by m.id desc`;
    return this.#read(access, text, parameters, signal, BY_VALUE);
  }

  async listRevisions(
    access: Access,
    id: string,
    beforeRevision: number | null,
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly Revision[]> {
    const scope = inWorkspace(access.workspaceId);
    const reader = [access.workspaceId, id, access.agentId, access.volumeId];
    const rows = await this.#session.run(scope, this.#revisions, [...reader, beforeRevision, limit], signal);
    if (rows.length === 0 && (await this.#session.run(scope, this.#readable, reader, signal)).length === 0) {
      throw memoryNotFound(id);
    }
    return rows.map(toRevision);
  }

  async #read(
    access: Access,
    text: string,
    parameters: Parameters,
    signal: AbortSignal,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<readonly Memory[]> {
    const statement = { name: this.#names.of(text), text };
    const scope = inWorkspace(access.workspaceId, settings);
    const rows = await this.#session.run(scope, statement, parameters.values, signal);
    return rows.map(toMemory);
  }
}

/**
 * Who may read the memory reads its revisions, but for those from when it was private to another. The workspace's own authority
 * reads the tombstone of a purged one as well.
 */
function revisionsSql(tenancy: Tenancy): string {
  return `select r.* from memory_revision r
    left join memory m on ${tenancy.of("m")} and m.id = r.memory_id
    where ${tenancy.of("r")} and r.memory_id = $2::uuid and ($5::integer is null or r.revision < $5::integer)
      and case when m.id is null then $3::uuid is null and $4::uuid is null
        else ${READABLE} and ($3::uuid is null or m.agent_id = $3::uuid or (r.state ->> 'visibility')::integer = 2) end
    order by r.revision desc limit $6::integer`;
}
