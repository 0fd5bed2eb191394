import type { Statement } from "../engine/session.ts";
import type { Tenancy } from "../engine/tenancy.ts";
import { vectorIn } from "./vector-in-generation-sql.ts";

/** Codes of `embedding_generation.state`. */
export const STATES = { building: 1, active: 2, retired: 3, dropping: 4, dropped: 5 } as const;

const NIL = "'00000000-0000-0000-0000-000000000000'::uuid";

/** As the worker. */
export const LIST: Statement = {
  name: "generation_list",
  text: `select id, model, dimensions, state, create_time, activate_time, retire_time
    from embedding_generation where state <> ${STATES.dropped} order by id`,
};

/** As the operator; $1 model, $2 dimensions. */
export const ENSURE: Statement = {
  name: null,
  text: "select ensure_embedding_generation_state($1::text, $2::integer) as id",
};

/** As the operator; $1 the generation. One that was dropped is there again, without vectors. */
export const REVIVE: Statement = {
  name: null,
  text: `update embedding_generation set state = ${STATES.retired}, create_time = now(), activate_time = null, retire_time = null
    where id = $1::smallint and state = ${STATES.dropped}`,
};

/** As the operator, with writes shut out; $1 the generation. */
export const RETIRE_OTHER_BUILD: Statement = {
  name: null,
  text: `update embedding_generation set state = ${STATES.retired}, retire_time = now()
    where state = ${STATES.building} and id <> $1::smallint`,
};

/** As the operator; $1 the generation. Begins at the first memory, unless it is being built already. */
export const START_BUILD: Statement = {
  name: null,
  text: `update embedding_generation set
      scanned = scanned and state = ${STATES.building},
      scan_workspace_id = case when state = ${STATES.building} then scan_workspace_id else ${NIL} end,
      scan_memory_id = case when state = ${STATES.building} then scan_memory_id else ${NIL} end,
      state = ${STATES.building}
    where id = $1::smallint and state in (${STATES.building}, ${STATES.retired}, ${STATES.dropped})
    returning id`,
};

/** As the operator; $1 whether writes are noted. */
export const TRACK: Statement = { name: null, text: "select track_embedding_backlog($1::boolean)" };

/** As the worker; $1 the generation. */
export const SCAN_CURSOR: Statement = {
  name: "generation_cursor",
  text: `select scanned, scan_workspace_id, scan_memory_id from embedding_generation
    where id = $1::smallint and state = ${STATES.building}`,
};

/** As the operator; $1 the generation, $2, $3 where the scan was, $4, $5 where it is, $6 whether that is the end. */
export const ADVANCE_SCAN: Statement = {
  name: "generation_advance",
  text: `update embedding_generation set scan_workspace_id = $4::uuid, scan_memory_id = $5::uuid, scanned = $6::boolean
    where id = $1::smallint and scan_workspace_id = $2::uuid and scan_memory_id = $3::uuid`,
};

/**
 * As the worker: the next piece of the memories and which of them have no vector for their present text, are not noted, and are
 * not known to have none; what failed is tried anew. $1 generation, $2, $3 cursor, $4 how many.
 */
export const SCAN: Statement = {
  name: "generation_scan",
  text: `select m.workspace_id, m.id, m.delete_time is null and e.yes is null and b.yes is null as lacking
    from memory m
    left join lateral ${vectorIn("$1")} e on true
    left join lateral (
      select true as yes from embedding_backlog b where b.workspace_id = m.workspace_id and b.memory_id = m.id
        and b.generation = $1::smallint and b.content_revision = m.content_revision and b.state <> 3 limit 1) b on true
    where (m.workspace_id, m.id) > ($2::uuid, $3::uuid)
    order by m.workspace_id, m.id limit $4::integer`,
};

/** The planner takes a table that was empty when it looked for one that is read faster from end to end. */
export const BY_INDEX = { enable_seqscan: "off" };

/** As the worker: $1 generation, $2 whether it is active: then the memories themselves say why they have no vector. */
export const COVERAGE: Statement = {
  name: null,
  text: `select count(*)::integer as memories,
      (count(*) filter (where e.memory_id is not null))::integer as attached,
      (count(*) filter (where e.memory_id is null and case when $2::boolean then m.embedding_status else b.state end = 3))::integer as failed,
      (count(*) filter (where e.memory_id is null and case when $2::boolean then m.embedding_status else b.state end = 4))::integer as disabled
    from memory m
    left join memory_embedding e on e.workspace_id = m.workspace_id and e.memory_id = m.id
      and e.generation = $1::smallint and e.content_revision = m.content_revision
    left join embedding_backlog b on b.workspace_id = m.workspace_id and b.memory_id = m.id
      and b.generation = $1::smallint and b.content_revision = m.content_revision
    where m.delete_time is null`,
};

/** As the worker: $1 generation, $2 how many at most. */
export const STILL_DUE: Statement = {
  name: "generation_still_due",
  text: `select workspace_id, memory_id as id from embedding_backlog
    where generation = $1::smallint and state = 2 limit $2::integer`,
};

/** As the operator: $1 the generation. */
export const STATE: Statement = {
  name: null,
  text: "select state, scanned from embedding_generation where id = $1::smallint",
};

/** As the operator. */
export const RETIRE_ACTIVE: Statement = {
  name: null,
  text: `update embedding_generation set state = ${STATES.retired}, retire_time = now() where state = ${STATES.active}`,
};

/** As the operator: $1 the generation. */
export const MAKE_ACTIVE: Statement = {
  name: null,
  text: `update embedding_generation set state = ${STATES.active}, activate_time = now(), retire_time = null
    where id = $1::smallint`,
};

/** As the operator: $1 the generation. */
export const START_DROP: Statement = {
  name: null,
  text: `update embedding_generation set state = ${STATES.dropping}, retire_time = coalesce(retire_time, now())
    where id = $1::smallint and state <> ${STATES.active} and state <> ${STATES.dropped} returning id`,
};

/** As the operator: $1 the generation, $2 for how long another process may still read it, in seconds. `retire_time` tells drops apart. */
export const MAY_DROP: Statement = {
  name: null,
  text: `select state = ${STATES.dropping} and retire_time < now() - $2::integer * interval '1 second' as ready,
      state = ${STATES.dropped} as gone, retire_time
    from embedding_generation where id = $1::smallint`,
};

/** As the operator: $1 the generation. */
export const DROP_INDEX: Statement = { name: null, text: "select drop_embedding_index($1::smallint)" };

/** As the operator: $1 the generation. */
export const DROPPED: Statement = {
  name: null,
  text: `update embedding_generation set state = ${STATES.dropped}
    where id = $1::smallint and state = ${STATES.dropping}`,
};

/** As the worker: the next piece of the vectors of all generations; $1, $2, $3 cursor, $4 how many. */
export const TO_DROP: Statement = {
  name: "generation_to_drop",
  text: `select workspace_id, memory_id as id, generation from memory_embedding
    where (workspace_id, memory_id, generation) > ($1::uuid, $2::uuid, $3::smallint)
    order by workspace_id, memory_id, generation limit $4::integer`,
};

/** As the worker: $1 generation, $2 how many. */
export const BACKLOG_TO_DROP: Statement = {
  name: null,
  text: `select workspace_id, memory_id as id from embedding_backlog where generation = $1::smallint limit $2::integer`,
};

/** Statements inside one workspace, $1. */
export interface GenerationStatements {
  readonly note: Statement;
  readonly dropVectors: Statement;
  readonly dropBacklog: Statement;
}

export function generationStatements(tenancy: Tenancy): GenerationStatements {
  return {
    note: {
      name: "generation_note",
      // What was deleted or embedded since it was looked up needs no note, and would do no harm. Locked, as what is being
      // erased would fail all of them by the foreign key. A write that was noted meanwhile is newer.
      text: `insert into embedding_backlog (workspace_id, memory_id, generation, content_revision)
        select m.workspace_id, m.id, $2::smallint, m.content_revision from memory m
        where ${tenancy.of("m")} and m.id = any($3::uuid[]) and m.delete_time is null
        order by m.id for key share of m
        on conflict (workspace_id, memory_id, generation) do update
        set content_revision = greatest(embedding_backlog.content_revision, excluded.content_revision),
          state = 2, attempts = 0, due_after = now()
        where embedding_backlog.content_revision < excluded.content_revision or embedding_backlog.state = 3`,
    },
    dropVectors: {
      name: "generation_drop_vectors",
      text: `delete from memory_embedding e
        where ${tenancy.of("e")} and e.memory_id = any($3::uuid[]) and e.generation = $2::smallint`,
    },
    dropBacklog: {
      name: "generation_drop_backlog",
      text: `delete from embedding_backlog b
        where ${tenancy.of("b")} and b.memory_id = any($3::uuid[]) and b.generation = $2::smallint`,
    },
  };
}
