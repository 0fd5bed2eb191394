import type { Statement } from "../engine/session.ts";
import type { Tenancy } from "../engine/tenancy.ts";
import { STATES } from "./embedding-generations-sql.ts";

const BUILDING = `(select g.id from embedding_generation g where g.state = ${STATES.building})`;

/** As the worker: what is due of the generation that is being built, oldest first; $1 how many. */
export const BACKLOG_DUE: Statement = {
  name: "backlog_due",
  text: `select workspace_id, memory_id as id from embedding_backlog
    where generation = ${BUILDING} and state = 2 and due_after <= now()
    order by due_after limit $1::integer`,
};

/** Statements inside one workspace, $1. */
export interface BacklogStatements {
  readonly claim: Statement;
  readonly read: Statement;
  readonly clear: Statement;
  readonly complete: Statement;
  readonly release: Statement;
}

const TEXTS = `m.id, m.content_revision, m.title, left(m.content, 4000) as content,
      case when length(m.content) < 4000 then m.metadata end as metadata`;

export function backlogStatements(tenancy: Tenancy): BacklogStatements {
  return {
    claim: claim(tenancy),
    read: {
      name: "backlog_read",
      text: `select ${TEXTS}, 0 as attempts, m.delete_time is not null as needless
        from memory m where ${tenancy.of("m")} and m.id = any($2::uuid[])`,
    },
    clear: {
      name: "backlog_clear",
      text: `with ${own(tenancy, "unnest($2::uuid[], $3::integer[]) as j(id, content_revision)")}
        delete from embedding_backlog b using own
        where ${tenancy.of("b")} and b.generation = own.generation and b.memory_id = own.id`,
    },
    complete: complete(tenancy),
    release: {
      name: "backlog_release",
      text: `with ${own(tenancy, "unnest($2::uuid[], $3::integer[]) as j(id, content_revision)")}
        update embedding_backlog b set due_after = now() + $4::integer * interval '1 millisecond',
          state = case when b.attempts >= $5::integer then 3 else 2 end,
          attempts = greatest(b.attempts - case when $5::integer is null then 1 else 0 end, 0)
        from own where ${tenancy.of("b")} and b.generation = own.generation and b.memory_id = own.id and b.state = 2`,
    },
  };
}

/**
 * Notes of `jobs` that still ask for the same text, locked. What a write holds is left out, as it notes another text: who waited for
 * it and held others would meet a batch in a deadlock. Should the write fail, the note is due again after its lease.
 */
function own(tenancy: Tenancy, jobs: string, generation: string = BUILDING): string {
  return `own as materialized (
        select b.memory_id as id, b.generation, j.content_revision from embedding_backlog b
        join ${jobs} on ${tenancy.of("b")} and b.memory_id = j.id and b.content_revision = j.content_revision
        where b.generation = ${generation}
        for update of b skip locked)`;
}

/** $2 ids, $3 lease in milliseconds, $4 how many. What was deleted or embedded meanwhile comes back as needless. */
function claim(tenancy: Tenancy): Statement {
  return {
    name: "backlog_claim",
    text: `with due as (
        select b.memory_id, b.generation from embedding_backlog b
        where ${tenancy.of("b")} and b.memory_id = any($2::uuid[]) and b.generation = ${BUILDING} and b.state = 2
          and b.due_after <= now()
        order by b.due_after limit $4::integer for update skip locked),
      taken as (
        update embedding_backlog b set due_after = now() + $3::integer * interval '1 millisecond',
          attempts = least(b.attempts + 1, 32000)
        from due where ${tenancy.of("b")} and b.memory_id = due.memory_id and b.generation = due.generation
        returning b.memory_id, b.generation, b.attempts)
      select ${TEXTS}, t.attempts, m.delete_time is not null or exists (
          select from memory_embedding e where ${tenancy.of("e")} and e.memory_id = m.id
            and e.generation = t.generation and e.content_revision = m.content_revision) as needless
      from taken t join memory m on ${tenancy.of("m")} and m.id = t.memory_id`,
  };
}

/**
 * $2 ids, $3 content revisions, $4 vectors as text, '' for none, $5 generation. A text that has changed since stays due. Locked,
 * so that a memory that is being erased is left out, and does not fail the whole batch by its foreign key.
 */
function complete(tenancy: Tenancy): Statement {
  const noted = `${tenancy.of("b")} and b.generation = $5::smallint`;
  return {
    name: "backlog_complete",
    text: `with j as materialized (
        select * from unnest($2::uuid[], $3::integer[], $4::text[]) as j(id, content_revision, vector)),
      ${own(tenancy, "j", "$5::smallint")},
      living as materialized (
        select m.workspace_id, m.id, j.content_revision, j.vector
        from own join j using (id) join memory m on ${tenancy.of("m")} and m.id = j.id and m.content_revision = j.content_revision
        where j.vector <> ''
        for key share of m skip locked),
      attached as (
        insert into memory_embedding as e (workspace_id, memory_id, generation, content_revision, embedding)
        select l.workspace_id, l.id, $5::smallint, l.content_revision, l.vector::halfvec from living l
        on conflict (workspace_id, memory_id, generation) do update
        set embedding = excluded.embedding, content_revision = excluded.content_revision, indexed = false
        where e.content_revision < excluded.content_revision),
      without as (
        update embedding_backlog b set state = 4 from own join j using (id)
        where ${noted} and b.memory_id = own.id and j.vector = '' returning b.memory_id),
      done as (
        delete from embedding_backlog b using living l where ${noted} and b.memory_id = l.id returning b.memory_id)
      select memory_id from without union all select memory_id from done`,
  };
}
