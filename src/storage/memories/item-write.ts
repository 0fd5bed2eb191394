import { DomainError, invalidField } from "../../domain/failure.ts";
import type { Written } from "../../domain/memory.ts";
import type { Mutation, WriteItem } from "../../domain/ports/memory-store.ts";
import { halfvecBytes } from "../embeddings/halfvec-bytes.ts";
import type { Row, Statement, Step, StepResult, Value } from "../engine/session.ts";
import { SqlFailure, sqlState } from "../engine/sql-failure.ts";
import type { Tenancy } from "../engine/tenancy.ts";
import { auditValues } from "./audit.ts";
import { EMBEDDING_STATUS, namesOf, OUTCOMES } from "./codes.ts";
import { WRITTEN } from "./memory-entity.ts";
import { revisionMismatch } from "./revision-mismatch.ts";
import { existingRow, REPLACE_PARAMETERS, replace, UPSERT_PARAMETERS, upsert } from "./write-statements.ts";

/** What became of one item of a write; a DomainError: it failed alone. */
export type ItemResult = Written | DomainError;

const STATUS_NAMES = namesOf(EMBEDDING_STATUS);

/** Every parameter that a write's statements may name. */
function valuesOf(mutation: Mutation, item: WriteItem): Record<string, Value> {
  const { embedding } = item;
  const createTime = new Date(createTimeOf(item.id));
  const embeddingStatus = typeof embedding === "string" ? embedding : "attached";
  const { workspaceId } = mutation.access;
  const source: Record<string, unknown> = { ...item, workspaceId, embeddingStatus, createTime };
  const values: Record<string, Value> = {
    ...auditValues(mutation),
    vector: typeof embedding === "string" ? null : halfvecBytes(embedding.vector),
    vectorGeneration: typeof embedding === "string" ? null : embedding.generation,
    createOnly: item.mode === "create_only",
    expectedRevision: item.expectedRevision,
  };
  for (const { field, type } of WRITTEN) {
    const value = source[field];
    values[field] = value === null ? null : type.encode(value);
  }
  return values;
}

/** Makes the steps of a write. */
export class ItemWriter {
  readonly #upsert: Statement;
  readonly #tenancy: Tenancy;

  constructor(tenancy: Tenancy) {
    this.#tenancy = tenancy;
    this.#upsert = upsert(tenancy);
  }

  /** The write of an item that sets no condition but CREATE_ONLY. */
  insertion(mutation: Mutation, item: WriteItem): Step {
    return { statement: this.#upsert, values: UPSERT_PARAMETERS.values(valuesOf(mutation, item)) };
  }

  /** The write, and, where it may be rejected, the row that it found: asked in the same breath, before a later item changes it. */
  steps(mutation: Mutation, item: WriteItem): Step[] {
    if (item.mode === "upsert" && item.expectedRevision === null) {
      return [this.insertion(mutation, item)];
    }
    const named = valuesOf(mutation, item);
    const existing = existingRow(this.#tenancy, item);
    return [
      item.mode === "create_only" && item.expectedRevision === null
        ? this.insertion(mutation, item)
        : { statement: replace(this.#tenancy, item.mode, item), values: REPLACE_PARAMETERS.values(named) },
      { statement: existing.statement, values: existing.parameters.values(named) },
    ];
  }
}

/** What the steps of an item came to, whether the write rejected it or its SQL did. */
export function resultOf(mutation: Mutation, item: WriteItem, answers: readonly StepResult[]): ItemResult {
  try {
    return resultOfRows(mutation, item, rowsOf(answers));
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

/** A row of the write; without one, the row that was found in its place says why. */
function resultOfRows(
  mutation: Mutation,
  item: WriteItem,
  [written, existing]: readonly (readonly Row[])[],
): ItemResult {
  const [row] = written!;
  return row === undefined ? rejection(item, existing?.[0]) : toWritten(mutation.access.workspaceId, item, row);
}

/** Throws the first failure. */
export function rowsOf(answers: readonly StepResult[]): readonly (readonly Row[])[] {
  return answers.map((answer) => {
    if ("rows" in answer) return answer.rows;
    throw writeFailure(answer.error);
  });
}

/** Milliseconds since 1970 that a UUIDv7 holds. */
function createTimeOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** The answer needs nothing back that the write brought along. */
export function toWritten(workspaceId: string, item: WriteItem, row: Row): Written {
  const { mode: _mode, language: _language, expectedRevision: _expected, embedding: _embedding, ...fields } = item;
  return {
    outcome: OUTCOMES[row.last_outcome as number]!,
    memory: {
      ...fields,
      id: row.id as string,
      workspaceId,
      embeddingStatus: STATUS_NAMES[row.embedding_status as number]!,
      guard: null,
      revision: row.revision as number,
      createTime: row.create_time as Date,
      updateTime: row.update_time as Date,
      deleteTime: null,
    },
  };
}

/** Why a write came back without a row. Throws a serialization failure where the row that it found is gone already. */
function rejection(item: WriteItem, existing: Row | undefined): DomainError {
  const { expectedRevision: expected, mode } = item;
  if (expected !== null && existing?.revision !== expected) {
    return revisionMismatch(expected, existing?.revision as number | undefined);
  }
  if (mode === "create_only" && existing?.live) {
    const id = existing.id as string;
    return new DomainError("MEMORY_ALREADY_EXISTS", `memory ${id} has that subject, kind and key`, { memory_id: id });
  }
  if (mode === "update_only" && !existing?.live) {
    return new DomainError("MEMORY_NOT_FOUND", "no memory has that subject, kind and key", {});
  }
  throw new SqlFailure("40001", "the row that rejected the write is gone", undefined);
}

export function volumeNotFound(volumeId: string): DomainError {
  return new DomainError("VOLUME_NOT_FOUND", `no volume ${volumeId}`, { volume_id: volumeId });
}

/** Failures of SQL that a value of the memory is to blame for; others as they are. */
export function writeFailure(error: unknown): unknown {
  switch (sqlState(error)) {
    case "54000":
      return invalidField("memory.key", "is too long together with subject_type, subject_id and kind (2,600 bytes)");
    case "22021":
    case "22P05":
      return invalidField("memory", "holds a character that cannot be stored");
    default:
      return error;
  }
}
