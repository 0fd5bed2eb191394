import { DomainError, invalidField } from "../../domain/failure.ts";
import type { Written } from "../../domain/memory.ts";
import type { Mutation, WriteAnswer, WriteItem } from "../../domain/ports/memory-store.ts";
import { EMBEDDING_STATUS, namesOf, OUTCOMES } from "../codes.ts";
import { halfvecBytes } from "../halfvec-bytes.ts";
import type { KnownAgents } from "../known-agents.ts";
import type { Replay, RequestLog } from "../request-log.ts";
import { revisionMismatch } from "../revision-mismatch.ts";
import {
  inWorkspace,
  type Row,
  type Session,
  type Statement,
  type Step,
  type StepResult,
  type Transaction,
  type Value,
} from "../session.ts";
import { SqlFailure, sqlState } from "../sql-failure.ts";
import type { Tenancy } from "../tenancy.ts";
import { lockTuples } from "../tuple-locks.ts";
import { auditValues } from "./audit.ts";
import { WRITTEN } from "./memory-entity.ts";
import { existingRow, REPLACE_PARAMETERS, replace, UPSERT_PARAMETERS, upsert } from "./write-statements.ts";

const SAVEPOINT: Step = { statement: { name: "item_savepoint", text: "savepoint item" }, values: [] };
const RELEASE: Step = { statement: { name: "item_release", text: "release savepoint item" }, values: [] };

type ItemResult = Written | DomainError;
/** An item that has failed already is its failure. */
type GivenItem = WriteItem | DomainError;

/** Writes memories: one in one round trip where it can, many as a pipeline in one transaction. */
export class MemoryWriter {
  readonly #session: Session;
  readonly #tenancy: Tenancy;
  readonly #agents: KnownAgents;
  readonly #requests: RequestLog;
  readonly #upsert: Statement;

  constructor(session: Session, tenancy: Tenancy, agents: KnownAgents, requests: RequestLog) {
    this.#session = session;
    this.#tenancy = tenancy;
    this.#agents = agents;
    this.#requests = requests;
    this.#upsert = upsert(tenancy);
  }

  async write(mutation: Mutation, items: readonly GivenItem[], atomic: boolean): Promise<WriteAnswer> {
    const [only] = items;
    if (mutation.request === null && atomic) {
      throwFirst(items);
    }
    if (items.length === 1 && mutation.request === null && atomic && this.#isPlain(mutation, only!)) {
      const written = await this.#writeOne(mutation, only);
      if (written !== null) {
        return { results: [written], deltaId: mutation.deltaId, replayed: false };
      }
    }
    return this.#writeTogether(mutation, items, atomic);
  }

  /** Can be refused by nothing but a race: its owner is known, and it sets no condition. */
  #isPlain(mutation: Mutation, item: GivenItem): item is WriteItem {
    return (
      !(item instanceof DomainError) &&
      item.volumeId === null &&
      item.expectedRevision === null &&
      item.mode !== "update_only" &&
      (item.agentId === null || this.#agents.isKnown(mutation.access.workspaceId, item.agentId))
    );
  }

  /** Null: refused, having changed nothing; the long way says why. */
  async #writeOne(mutation: Mutation, item: WriteItem): Promise<Written | null> {
    const { access, signal } = mutation;
    try {
      const values = UPSERT_PARAMETERS.values(valuesOf(mutation, item));
      const [row] = await this.#session.run(inWorkspace(access.workspaceId), this.#upsert, values, signal);
      return row === undefined ? null : toWritten(access.workspaceId, item, row);
    } catch (error) {
      throw writeFailure(error);
    }
  }

  async #writeTogether(mutation: Mutation, given: readonly GivenItem[], atomic: boolean): Promise<WriteAnswer> {
    const { request, access, signal } = mutation;
    const items = given.filter((item): item is WriteItem => !(item instanceof DomainError));
    const answer = await this.#session.transaction(inWorkspace(access.workspaceId), signal, async (tx) => {
      const replay = request === null ? null : await this.#requests.begin(tx, mutation, request);
      if (replay !== null) {
        return { ...replayOf(replay, given.length, request!.requestId), replayed: true };
      }
      if (atomic) {
        throwFirst(given);
      }
      await this.#agents.register(tx, access.workspaceId, ownersOf(items));
      const written = atomic ? await this.#writeAll(tx, mutation, items) : await this.#writeEach(tx, mutation, items);
      let next = 0;
      const results = given.map((item) => (item instanceof DomainError ? item : written[next++]!));
      if (request !== null) {
        await this.#requests.record(tx, mutation, request, results);
      }
      return { results, deltaId: mutation.deltaId, replayed: false };
    });
    for (const agentId of ownersOf(items)) {
      this.#agents.remember(access.workspaceId, agentId);
    }
    return answer;
  }

  async #writeAll(tx: Transaction, mutation: Mutation, items: readonly WriteItem[]): Promise<ItemResult[]> {
    items.forEach((item, i) => {
      if (item.volumeId !== null) {
        throw ofItem(volumeNotFound(item.volumeId), i, items.length);
      }
    });
    const steps = items.map((item) => this.#steps(mutation, item));
    const locks = lockTuples(mutation.access.workspaceId, items);
    const answers = await tx.pipeline([...locks, ...steps.flat()]);
    let next = locks.length;
    throwFailed(answers.slice(0, next));
    return items.map((item, i) => {
      const own = answers.slice(next, next + steps[i]!.length);
      next += own.length;
      const result = this.#failing(() => this.#resultOf(mutation, item, own));
      if (result instanceof DomainError) {
        throw ofItem(result, i, items.length);
      }
      return result;
    });
  }

  /** Each between savepoints, all in one pipeline, which goes on behind an item whose SQL fails. */
  async #writeEach(tx: Transaction, mutation: Mutation, items: readonly WriteItem[]): Promise<ItemResult[]> {
    const results: ItemResult[] = [];
    throwFailed(await tx.pipeline(lockTuples(mutation.access.workspaceId, items)));
    while (results.length < items.length) {
      const rest = items.slice(results.length);
      const steps = rest.map((item) =>
        item.volumeId === null ? [SAVEPOINT, ...this.#steps(mutation, item), RELEASE] : [],
      );
      const answers = await tx.pipeline(steps.flat());
      let next = 0;
      for (const [i, item] of rest.entries()) {
        const own = answers.slice(next, next + steps[i]!.length);
        next += own.length;
        if (item.volumeId !== null) {
          results.push(volumeNotFound(item.volumeId));
          continue;
        }
        const failed = own.find((answer) => answer.error !== null);
        if (failed === undefined) {
          results.push(this.#resultOf(mutation, item, own.slice(1, -1)));
          continue;
        }
        const failure = writeFailure(failed.error);
        if (!(failure instanceof DomainError) || failure.reason !== "INVALID_FIELD") {
          throw failed.error;
        }
        await tx.exec("rollback to savepoint item");
        results.push(failure);
        break;
      }
    }
    return results;
  }

  /** The write, and, where it may be refused, what it then met: asked in the same breath, before a later item changes it. */
  #steps(mutation: Mutation, item: WriteItem): Step[] {
    const named = valuesOf(mutation, item);
    const insertion: Step = { statement: this.#upsert, values: UPSERT_PARAMETERS.values(named) };
    if (item.mode === "upsert" && item.expectedRevision === null) {
      return [insertion];
    }
    const replacement = () => ({
      statement: replace(this.#tenancy, item.mode, item),
      values: REPLACE_PARAMETERS.values(named),
    });
    const existing = existingRow(this.#tenancy, item);
    return [
      item.expectedRevision === null && item.mode === "create_only" ? insertion : replacement(),
      { statement: existing.statement, values: existing.parameters.values(named) },
    ];
  }

  /** The item's own failure as its result, whether the write refused it or its SQL did. */
  #failing(resultOf: () => ItemResult): ItemResult {
    try {
      return resultOf();
    } catch (error) {
      if (error instanceof DomainError) return error;
      throw error;
    }
  }

  #resultOf(mutation: Mutation, item: WriteItem, [write, met]: readonly StepResult[]): ItemResult {
    throwFailed([write!, ...(met ? [met] : [])]);
    const [row] = (write as { rows: readonly Row[] }).rows;
    if (row !== undefined) {
      return toWritten(mutation.access.workspaceId, item, row);
    }
    return refusal(item, met === undefined ? undefined : (met as { rows: readonly Row[] }).rows[0]);
  }
}

const STATUS_NAMES = namesOf(EMBEDDING_STATUS);

/** Every parameter that a write's statements may name. */
function valuesOf(mutation: Mutation, item: WriteItem): Record<string, Value> {
  const { embedding } = item;
  const createTime = new Date(createTimeOf(item.id));
  const embeddingStatus = typeof embedding === "string" ? embedding : "attached";
  const { workspaceId } = mutation.access;
  const source: Record<string, unknown> = { ...item, workspaceId, embeddingStatus, createTime, updateTime: createTime };
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

function throwFirst(items: readonly GivenItem[]): void {
  const failed = items.find((item) => item instanceof DomainError);
  if (failed !== undefined) {
    throw failed;
  }
}

/** Records once left out the items that failed before the database was asked: then nothing tells whose a result is. */
function replayOf(replay: Replay, count: number, requestId: string): Replay {
  if (replay.results.length !== count) {
    const message = `an earlier version stored the answer to request ${requestId} without the items that failed`;
    throw new DomainError("REQUEST_RESULT_PURGED", message, { request_id: requestId });
  }
  return replay;
}

function throwFailed(answers: readonly StepResult[]): void {
  for (const answer of answers) {
    if (!("rows" in answer)) {
      throw writeFailure(answer.error);
    }
  }
}

function ownersOf(items: readonly WriteItem[]): ReadonlySet<string> {
  return new Set(items.flatMap((item) => (item.agentId === null || item.volumeId !== null ? [] : [item.agentId])));
}

/** Milliseconds since 1970 that a UUIDv7 holds. */
function createTimeOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** The answer needs nothing back that the write brought along. */
function toWritten(workspaceId: string, item: WriteItem, row: Row): Written {
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

/** Why a write came back without a row. Throws a serialization failure where what it met is gone already. */
function refusal(item: WriteItem, met: Row | undefined): DomainError {
  const { expectedRevision: expected, mode } = item;
  if (expected !== null && met?.revision !== expected) {
    return revisionMismatch(expected, met?.revision as number | undefined);
  }
  if (mode === "create_only" && met?.live) {
    const id = met.id as string;
    return new DomainError("MEMORY_ALREADY_EXISTS", `memory ${id} has that subject, kind and key`, { memory_id: id });
  }
  if (mode === "update_only" && !met?.live) {
    return new DomainError("MEMORY_NOT_FOUND", "no memory has that subject, kind and key", {});
  }
  throw new SqlFailure("40001", "the row that refused the write is gone", undefined);
}

function volumeNotFound(volumeId: string): DomainError {
  return new DomainError("VOLUME_NOT_FOUND", `no volume ${volumeId}`, { volume_id: volumeId });
}

function ofItem(error: DomainError, item: number, count: number): DomainError {
  return count === 1
    ? error
    : new DomainError(error.reason, error.message, { ...error.metadata, item: String(item) }, error);
}

/** Failures of SQL that a value of the memory is to blame for; others as they are. */
function writeFailure(error: unknown): unknown {
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
