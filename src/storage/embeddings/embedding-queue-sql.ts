import type { Statement } from "../engine/session.ts";
import type { Tenancy } from "../engine/tenancy.ts";
import { vectorIn } from "./vector-in-generation-sql.ts";

/** As the operator; $1 model, $2 dimensions. */
export const ENSURE_GENERATION: Statement = {
  name: null,
  text: "select ensure_embedding_generation_state($1::text, $2::integer) as id",
};

/** As the worker: what is due, oldest first; $1 how many. */
export const DUE: Statement = {
  name: "embedding_due",
  text: `select workspace_id, id from memory
    where embedding_status = 2 and delete_time is null and embed_after <= now()
    order by embed_after limit $1::integer`,
};

/**
 * As the worker: the next piece of the table; which of its rows lack a vector of their present text, and which have one and do
 * not say so. $1, $2 cursor, $3 generation, $4 how many.
 */
export const LACKING: Statement = {
  name: "embedding_lacking",
  text: `select m.workspace_id, m.id,
      m.embedding_status <> 2 and m.delete_time is null and e.yes is null as lacking,
      m.embedding_status = 1 or m.delete_time is not null or e.yes is null as settled
    from memory m
    left join lateral ${vectorIn("$3")} e on true
    where (m.workspace_id, m.id) > ($1::uuid, $2::uuid)
    order by m.workspace_id, m.id limit $4::integer`,
};

/**
 * As the worker: one workspace with a long tail of un-indexed vectors; $1 generation, $2 the longest tail of a workspace that
 * has a body, $3 of one that has none. OFFSET stops counting there.
 */
export const TO_PROMOTE: Statement = {
  name: "embedding_to_promote",
  text: `select w.id as workspace_id from workspace w
    where w.delete_time is null and exists (
      select from memory_embedding e
      where e.workspace_id = w.id and e.generation = $1::smallint and not e.indexed
      offset case when exists (
          select from memory_embedding b
          where b.workspace_id = w.id and b.generation = $1::smallint and b.indexed)
        then $2::integer else $3::integer end)
    limit 1`,
};

/** As the worker: $1 generation, $2 and $3 as in TO_PROMOTE. */
export const INDEXING: Statement = {
  name: null,
  text: `select coalesce(sum(t.indexed), 0)::integer as indexed,
      coalesce(sum(t.rest - $2::integer) filter (where t.rest > case when t.indexed > 0 then $2::integer else $3::integer end), 0)::integer
        as to_index
    from (
      select count(*) filter (where e.indexed) as indexed, count(*) filter (where not e.indexed) as rest
      from memory_embedding e join workspace w on w.id = e.workspace_id and w.delete_time is null
      where e.generation = $1::smallint group by e.workspace_id) t`,
};

/** Statements inside one workspace, $1. */
export interface QueueStatements {
  readonly claim: Statement;
  readonly complete: RowStatements;
  readonly release: RowStatements;
  readonly requeue: RowStatements;
  readonly settle: RowStatements;
  readonly promote: Statement;
}

/**
 * A change of several memories, $2, that answers which it changed. Who holds one row and waits for another meets batches, which hold
 * theirs in the order of their items, in a deadlock: `together` leaves out what a writer holds, `alone` waits and is for one memory.
 */
export interface RowStatements {
  readonly together: Statement;
  readonly alone: Statement;
}

/** `change` reads the ids that it may change from `free`. */
function rowStatements(name: string, tenancy: Tenancy, change: string): RowStatements {
  const statement = (suffix: string, wait: string): Statement => ({
    name: `${name}${suffix}`,
    text: `with free as materialized (
        select m.id from memory m where ${tenancy.of("m")} and m.id = any($2::uuid[]) for no key update ${wait})${change}`,
  });
  return { together: statement("", "skip locked"), alone: statement("_alone", "") };
}

export function queueStatements(tenancy: Tenancy): QueueStatements {
  return {
    claim: claim(tenancy),
    complete: complete(tenancy),
    release: rowStatements(
      "embedding_release",
      tenancy,
      ` update memory m set embed_after = now() + $4::integer * interval '1 millisecond',
          embedding_status = case when m.embed_attempts >= $5::integer then 3 else 2 end,
          embed_attempts = m.embed_attempts - case when $5::integer is null then 1 else 0 end
        from free join unnest($2::uuid[], $3::integer[]) as j(id, content_revision) using (id)
        where ${tenancy.of("m")} and m.id = free.id and m.content_revision = j.content_revision and m.embedding_status = 2
        returning m.id`,
    ),
    requeue: rowStatements(
      "embedding_requeue",
      tenancy,
      ` update memory m set embedding_status = 2, embed_attempts = 0, embed_after = now()
        from free where ${tenancy.of("m")} and m.id = free.id and m.embedding_status <> 2
          and not exists (${vectorOf(tenancy)})
        returning m.id`,
    ),
    settle: rowStatements(
      "embedding_settle",
      tenancy,
      ` update memory m set embedding_status = 1, embed_attempts = 0
        from free where ${tenancy.of("m")} and m.id = free.id and m.embedding_status <> 1
          and exists (${vectorOf(tenancy)})
        returning m.id`,
    ),
    promote: {
      name: "embedding_promote",
      // A subquery in the condition may run anew for each row, and its limit with it; a CTE runs once.
      text: `with moving as materialized (
          select t.memory_id from memory_embedding t
          where ${tenancy.of("t")} and t.generation = $2::smallint and not t.indexed
          order by t.memory_id limit $3::integer for update skip locked)
        update memory_embedding e set indexed = true
        from moving where ${tenancy.of("e")} and e.generation = $2::smallint and e.memory_id = moving.memory_id
        returning e.memory_id`,
    },
  };
}

/** The vector of generation $3 for the present text of `m`. */
function vectorOf(tenancy: Tenancy): string {
  return `select from memory_embedding e where ${tenancy.of("e")} and e.memory_id = m.id
            and e.generation = $3::smallint and e.content_revision = m.content_revision`;
}

/** $2 ids, $3 lease in milliseconds, $4 how many. Only what is due still: another worker may have been faster. */
function claim(tenancy: Tenancy): Statement {
  return {
    name: "embedding_claim",
    text: `with due as (
        select m.id from memory m
        where ${tenancy.of("m")} and m.id = any($2::uuid[]) and m.embedding_status = 2 and m.delete_time is null
          and m.embed_after <= now()
        order by m.embed_after limit $4::integer for update skip locked)
      update memory m set embed_after = now() + $3::integer * interval '1 millisecond',
        embed_attempts = least(m.embed_attempts + 1, 32000)
      from due where ${tenancy.of("m")} and m.id = due.id
      returning m.id, m.content_revision, m.title, left(m.content, 4000) as content,
        case when length(m.content) < 4000 then m.metadata end as metadata, m.embed_attempts as attempts`,
  };
}

/**
 * $2 ids, $3 content revisions, $4 vectors as text, '' for none, $5 generation. A text that has changed since stays pending,
 * and so does everything where the generation is not active any more. 0: none is active.
 */
function complete(tenancy: Tenancy): RowStatements {
  return rowStatements(
    "embedding_complete",
    tenancy,
    `,
      done as (
        update memory m set embedding_status = case when j.vector = '' then 4 else 1 end, embed_attempts = 0
        from free join unnest($2::uuid[], $3::integer[], $4::text[]) as j(id, content_revision, vector) using (id)
        where ${tenancy.of("m")} and m.id = free.id and m.content_revision = j.content_revision and m.embedding_status = 2
          and case when $5::smallint = 0 then not exists (select from embedding_generation g where g.state = 2)
            else exists (select from embedding_generation g where g.id = $5::smallint and g.state = 2) end
        returning m.workspace_id, m.id, m.content_revision, j.vector),
      attached as (
        insert into memory_embedding as e (workspace_id, memory_id, generation, content_revision, embedding)
        select d.workspace_id, d.id, $5::smallint, d.content_revision, d.vector::halfvec from done d where d.vector <> ''
        on conflict (workspace_id, memory_id, generation) do update
        set embedding = excluded.embedding, content_revision = excluded.content_revision, indexed = false)
      select id from done`,
  );
}
