import type { MemorySubject } from "../../domain/memory.ts";
import type { WriteMode } from "../../domain/ports/memory-store.ts";
import { NamedParameters } from "../engine/named-parameters.ts";
import type { Statement } from "../engine/session.ts";
import type { Tenancy } from "../engine/tenancy.ts";
import { AUDIT_TYPES, auditPlaceholders } from "./audit.ts";
import { CHANGE, EMBEDDING_STATUS, OUTCOME } from "./codes.ts";
import { BODY, type MemoryColumn, type MemoryField, SEARCHED, TUPLE, WRITTEN } from "./memory-entity.ts";
import { LIVE } from "./memory-predicates.ts";
import { CHANGED_COLUMNS, facetParts, revisionPart } from "./revision-parts.ts";
import { WRITE_TIME } from "./write-time.ts";

type Placeholders = typeof UPSERT_PARAMETERS.at | typeof REPLACE_PARAMETERS.at;

const COMMON_TYPES = {
  ...(Object.fromEntries(WRITTEN.map(({ field, type }) => [field, type.sql])) as Record<MemoryField, string>),
  vector: "halfvec",
  vectorGeneration: "smallint",
  ...AUDIT_TYPES,
};

/** `createOnly`: only where no live row has the tuple. */
export const UPSERT_PARAMETERS = new NamedParameters({ ...COMMON_TYPES, createOnly: "boolean" });
/** `expectedRevision`: of the row that is there, or null. */
export const REPLACE_PARAMETERS = new NamedParameters({ ...COMMON_TYPES, expectedRevision: "integer" });

function isSame(columns: readonly MemoryColumn[]): string {
  const tuple = (alias: string) => `(${columns.map(({ name }) => `${alias}.${name}`).join(", ")})`;
  return `${tuple("m")} is not distinct from ${tuple("excluded")}`;
}

const SAME = isSame(BODY);
const SAME_TEXT = isSame(SEARCHED);

/** How a row that exists takes the write: `m` as it is, `excluded` as written. */
const REPLACE = `${BODY.map(({ name }) => `${name} = excluded.${name}`).join(", ")},
    language = excluded.language,
    last_outcome = case when not ${LIVE} then ${OUTCOME.revived} when ${SAME} then ${OUTCOME.unchanged} else ${OUTCOME.updated} end,
    revision = m.revision + case when ${LIVE} and ${SAME} then 0 else 1 end,
    content_revision = m.content_revision + case when ${SAME_TEXT} then 0 else 1 end,
    embedding_status = case
      when ${LIVE} and ${SAME} then m.embedding_status
      when excluded.embedding_status <> ${EMBEDDING_STATUS.pending} then excluded.embedding_status
      when ${SAME_TEXT} and m.embedding_status <> ${EMBEDDING_STATUS.disabled} then m.embedding_status
      else ${EMBEDDING_STATUS.pending} end,
    embed_attempts = case when ${SAME_TEXT} then m.embed_attempts else 0 end,
    embed_after = case when ${SAME_TEXT} then m.embed_after else now() end,
    update_time = ${WRITE_TIME},
    delete_time = null`;

const NAMES = WRITTEN.map(({ name }) => name).join(", ");

/** A vector of a generation that was replaced a moment ago attaches nothing: its memory is pending then. */
function writtenValue({ field }: MemoryColumn, at: Placeholders): string {
  const value = at[field];
  return field !== "embeddingStatus"
    ? value
    : `case when ${at.vectorGeneration} is null or exists (
        select from embedding_generation g where g.id = ${at.vectorGeneration} and g.state = 2)
        then ${value} else ${EMBEDDING_STATUS.pending}::smallint end`;
}

/** All of a write that follows its row: revision, facets, vector, and the answer. */
function afterwards(tenancy: Tenancy, at: Placeholders): string {
  const change = `case up.last_outcome when ${OUTCOME.revived} then ${CHANGE.revived} else up.last_outcome end`;
  return `${revisionPart(change, auditPlaceholders(at))},
  ${facetParts(tenancy)},
  emb as (
    insert into memory_embedding as e (workspace_id, memory_id, generation, content_revision, embedding)
    select up.workspace_id, up.id, ${at.vectorGeneration}, up.content_revision, ${at.vector}
    from up where ${at.vector} is not null and up.last_outcome <> ${OUTCOME.unchanged}
    on conflict (workspace_id, memory_id, generation) do update
    set embedding = excluded.embedding, content_revision = excluded.content_revision, indexed = false
    where e.content_revision <> excluded.content_revision)
  select id, revision, last_outcome, embedding_status, create_time, update_time from up`;
}

/**
 * Inserts, or replaces the row of the same tuple. All update times are the database's, so that who asks for what changed need not
 * know the clocks of the servers. No row comes back where it is rejected, or its owner is not registered. */
export function upsert(tenancy: Tenancy): Statement {
  const { at } = UPSERT_PARAMETERS;
  return {
    name: "memory_upsert",
    text: `with up as (
    insert into memory as m (${NAMES}, update_time)
    select ${WRITTEN.map((column) => writtenValue(column, at)).join(", ")}, clock_timestamp()
    where ${at.agentId} is null or exists (select from agent a where ${tenancy.of("a")} and a.id = ${at.agentId})
    on conflict (workspace_id, ${TUPLE.map(({ name }) => name).join(", ")}) where key is not null
    do update set ${REPLACE}
    where ${tenancy.of("m")} and (not ${at.createOnly} or not ${LIVE})
    returning ${CHANGED_COLUMNS}),
  ${afterwards(tenancy, at)}`,
  };
}

const MODE_PREDICATES: Readonly<Record<WriteMode, string>> = {
  upsert: "true",
  create_only: `not ${LIVE}`,
  update_only: LIVE,
};

/** The tuple of `m` with literal IS NULL, as `is not distinct from` uses no index; and a name for which of them are null. */
function tuplePredicate(subject: MemorySubject, at: Readonly<Record<keyof MemorySubject, string>>) {
  const isNull = ({ field }: MemoryColumn) => subject[field as keyof MemorySubject] === null;
  const each = TUPLE.map((column) =>
    isNull(column) ? `m.${column.name} is null` : `m.${column.name} = ${at[column.field as keyof MemorySubject]}`,
  );
  return { sql: each.join(" and "), shape: TUPLE.map((column) => (isNull(column) ? "n" : "v")).join("") };
}

/** Replaces the row of the tuple and never inserts. */
export function replace(tenancy: Tenancy, mode: WriteMode, subject: MemorySubject): Statement {
  const { at } = REPLACE_PARAMETERS;
  const { sql, shape } = tuplePredicate(subject, at);
  return {
    name: `memory_replace_${mode}_${shape}`,
    text: `with up as (
    update memory m set ${REPLACE}
    from (select ${WRITTEN.map((column) => `${writtenValue(column, at)} as ${column.name}`).join(", ")}) excluded
    where ${tenancy.of("m")} and ${sql} and ${MODE_PREDICATES[mode]}
      and (${at.expectedRevision} is null or m.revision = ${at.expectedRevision})
    returning ${CHANGED_COLUMNS}),
  ${afterwards(tenancy, at)}`,
  };
}

export interface ExistingRow {
  readonly statement: Statement;
  readonly parameters: NamedParameters<"workspaceId" | keyof MemorySubject>;
}

/** The row that has the tuple, to say why a write was rejected. */
export function existingRow(tenancy: Tenancy, subject: MemorySubject): ExistingRow {
  const present = TUPLE.filter(({ field }) => subject[field as keyof MemorySubject] !== null);
  const types = Object.fromEntries(present.map(({ field, type }) => [field, type.sql]));
  const parameters = new NamedParameters({ workspaceId: "uuid", ...types } as Record<
    "workspaceId" | keyof MemorySubject,
    string
  >);
  const { sql, shape } = tuplePredicate(subject, parameters.at);
  return {
    statement: {
      name: `memory_existing_${shape}`,
      text: `select m.id, m.revision, ${LIVE} as live from memory m where ${tenancy.of("m")} and ${sql}`,
    },
    parameters,
  };
}
