import type { MemorySubject } from "../domain/memory.ts";
import type { WriteMode } from "../domain/ports/memory-store.ts";
import { LIVE } from "./memory-predicates.ts";
import { CHANGED_COLUMNS, facetParts, revisionPart } from "./revision-sql.ts";
import type { Statement } from "./session.ts";
import type { Tenancy } from "./tenancy.ts";

/** Columns that a write sets, with types; their values are $1, $2, … in this order, from `writeValues`. */
const COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ["workspace_id", "uuid"],
  ["id", "uuid"],
  ["volume_id", "uuid"],
  ["agent_id", "uuid"],
  ["subject_type", "text"],
  ["subject_id", "text"],
  ["kind", "text"],
  ["key", "text"],
  ["title", "text"],
  ["content", "text"],
  ["visibility", "smallint"],
  ["metadata", "jsonb"],
  ["tags", "text[]"],
  ["linked_entities", "jsonb"],
  ["confidence", "double precision"],
  ["source_kind", "text"],
  ["source_id", "text"],
  ["source_context", "text"],
  ["provenance", "text"],
  ["parent_memory_id", "uuid"],
  ["expire_time", "timestamptz"],
  ["expire_reason", "text"],
  ["shape_id", "uuid"],
  ["language", "regconfig"],
  ["embedding_status", "smallint"],
  ["create_time", "timestamptz"],
  ["update_time", "timestamptz"],
];
const VECTOR = COLUMNS.length + 1;
const GENERATION = COLUMNS.length + 2;
const CONDITION = COLUMNS.length + 3;
const STAMP = COLUMNS.length + 4;

/** Fields that a caller can set, and that make a write UNCHANGED where all are the same. */
const BODY = [
  ...[
    "title",
    "content",
    "visibility",
    "metadata",
    "tags",
    "linked_entities",
    "confidence",
    "source_kind",
    "source_id",
  ],
  ...["source_context", "provenance", "parent_memory_id", "expire_time", "expire_reason", "shape_id"],
];

function tuple(alias: string, columns: readonly string[]): string {
  return `(${columns.map((column) => `${alias}.${column}`).join(", ")})`;
}

const SAME = `${tuple("m", BODY)} is not distinct from ${tuple("excluded", BODY)}`;
const TEXT = ["title", "content", "metadata"];
const SAME_TEXT = `${tuple("m", TEXT)} is not distinct from ${tuple("excluded", TEXT)}`;

/** How a row that exists takes the write: `m` as it is, `excluded` as written. */
const REPLACE = `${BODY.map((column) => `${column} = excluded.${column}`).join(", ")},
    language = excluded.language,
    last_outcome = case when not ${LIVE} then 4 when ${SAME} then 3 else 2 end,
    revision = m.revision + case when ${LIVE} and ${SAME} then 0 else 1 end,
    content_revision = m.content_revision + case when ${SAME_TEXT} then 0 else 1 end,
    embedding_status = case
      when ${LIVE} and ${SAME} then m.embedding_status
      when excluded.embedding_status <> 2 then excluded.embedding_status
      when ${SAME_TEXT} and m.embedding_status <> 4 then m.embedding_status
      else 2 end,
    embed_attempts = case when ${SAME_TEXT} then m.embed_attempts else 0 end,
    embed_after = case when ${SAME_TEXT} then m.embed_after else now() end,
    update_time = greatest(now(), m.create_time),
    delete_time = null`;

/** A vector of a generation that was replaced a moment ago attaches nothing: its memory is pending then. */
function columnValue([column, type]: (typeof COLUMNS)[number], i: number): string {
  const value = `$${i + 1}::${type}`;
  return column !== "embedding_status"
    ? value
    : `case when $${GENERATION}::smallint is null or exists (
        select from embedding_generation g where g.id = $${GENERATION}::smallint and g.state = 2) then ${value} else 2::smallint end`;
}

const PLACEHOLDERS = COLUMNS.map(columnValue).join(", ");
const NAMES = COLUMNS.map(([name]) => name).join(", ");

/** All of a write that follows its row: revision, facets, vector, and the answer. */
function afterwards(tenancy: Tenancy): string {
  return `${revisionPart("case up.last_outcome when 4 then 3 else up.last_outcome end", STAMP)},
  ${facetParts(tenancy)},
  emb as (
    insert into memory_embedding as e (workspace_id, memory_id, generation, content_revision, embedding)
    select up.workspace_id, up.id, $${GENERATION}::smallint, up.content_revision, $${VECTOR}::halfvec
    from up where $${VECTOR}::halfvec is not null and up.last_outcome <> 3
    on conflict (workspace_id, memory_id, generation) do update
    set embedding = excluded.embedding, content_revision = excluded.content_revision, indexed = false
    where e.content_revision <> excluded.content_revision)
  select id, revision, last_outcome, embedding_status, create_time, update_time from up`;
}

/** Inserts, or replaces the row of the same tuple; $CONDITION true: only where that is not live. No row comes back where refused. */
export function upsert(tenancy: Tenancy): Statement {
  return {
    name: "memory_upsert",
    text: `with up as (
    insert into memory as m (${NAMES}) values (${PLACEHOLDERS})
    on conflict (workspace_id, volume_id, agent_id, subject_type, subject_id, kind, key) where key is not null
    do update set ${REPLACE}
    where ${tenancy.of("m")} and (not $${CONDITION}::boolean or not ${LIVE})
    returning ${CHANGED_COLUMNS}),
  ${afterwards(tenancy)}`,
  };
}

const MODE_PREDICATES: Readonly<Record<WriteMode, string>> = {
  upsert: "true",
  create_only: `not ${LIVE}`,
  update_only: LIVE,
};

const NULLABLE: readonly (readonly [keyof MemorySubject, string, number, string])[] = [
  ["volumeId", "volume_id", 3, "uuid"],
  ["agentId", "agent_id", 4, "uuid"],
  ["subjectId", "subject_id", 6, "text"],
];

/** The tuple of `m` with literal IS NULL, as `is not distinct from` uses no index; and a name for which of them are null. */
function tuplePredicate(subject: MemorySubject): { sql: string; shape: string } {
  const nullable = NULLABLE.map(([field, column, i, type]) =>
    subject[field] === null ? `m.${column} is null` : `m.${column} = $${i}::${type}`,
  );
  return {
    sql: `${nullable.join(" and ")} and m.subject_type = $5::text and m.kind = $7::text and m.key = $8::text`,
    shape: NULLABLE.map(([field]) => (subject[field] === null ? "n" : "v")).join(""),
  };
}

/** Replaces the row of the tuple and never inserts; $CONDITION is the expected revision, or null. */
export function replace(tenancy: Tenancy, mode: WriteMode, subject: MemorySubject): Statement {
  const { sql, shape } = tuplePredicate(subject);
  return {
    name: `memory_replace_${mode}_${shape}`,
    text: `with up as (
    update memory m set ${REPLACE}
    from (select ${COLUMNS.map((column, i) => `${columnValue(column, i)} as ${column[0]}`).join(", ")}) excluded
    where ${tenancy.of("m")} and ${sql} and ${MODE_PREDICATES[mode]}
      and ($${CONDITION}::integer is null or m.revision = $${CONDITION}::integer)
    returning ${CHANGED_COLUMNS}),
  ${afterwards(tenancy)}`,
  };
}

/** The row that a refused write met, for the reason; takes the subject's eight values. */
export function metRow(tenancy: Tenancy, subject: MemorySubject): Statement {
  const { sql, shape } = tuplePredicate(subject);
  return {
    name: `memory_met_${shape}`,
    text: `select m.id, m.revision, ${LIVE} as live from memory m
    where ${tenancy.of("m")} and ${sql}
      and (coalesce($2::uuid, $3::uuid, $4::uuid) is null or $6::text is null or true)`,
  };
}
