import type { SqlEntityManager } from "@mikro-orm/sql";
import { DomainError } from "../../domain/failure.ts";
import type { Written } from "../../domain/memory.ts";
import type {
  MemoryStore,
  Mutation,
  SingleAnswer,
  UpdateCommand,
  WriteAnswer,
  WriteItem,
} from "../../domain/ports/memory-store.ts";
import { inWorkspace, type Row, type Session, type Statement, type Transaction } from "../engine/session.ts";
import type { Tenancy } from "../engine/tenancy.ts";
import { writeAll, writeEach } from "./batch-write.ts";
import { CHANGE_PARAMETERS, existingById, lockRow, purge, READ_PARAMETERS } from "./change-statements.ts";
import { ItemWriter, toWritten as toWrittenItem, writeFailure } from "./item-write.ts";
import {
  type Change,
  changeStatements,
  changeValues,
  deletionOf,
  lostRace,
  principalValues,
  requireChangeable,
  restorationOf,
  toWritten,
  updateOf,
} from "./memory-change.ts";
import { MemoryReader } from "./memory-reader.ts";
import { ensureOwners } from "./owners.ts";
import { type Replay, RequestLog } from "./request-log.ts";

/** An item that has failed already is its failure. */
type GivenItem = WriteItem | DomainError;

/** The memories of both engines: upsert, revival, expiry, changes by id; reads are MemoryReader's. */
export class MemoryRepository extends MemoryReader implements MemoryStore {
  readonly #session: Session;
  readonly #tenancy: Tenancy;
  readonly #requests: RequestLog;
  readonly #writer: ItemWriter;
  readonly #changes: ReturnType<typeof changeStatements>;
  readonly #purge: Statement;
  readonly #lock: Statement;
  readonly #existing: Statement;

  constructor(em: SqlEntityManager, session: Session, tenancy: Tenancy) {
    super(em, session, tenancy);
    this.#session = session;
    this.#tenancy = tenancy;
    this.#requests = new RequestLog(tenancy);
    this.#writer = new ItemWriter(tenancy);
    this.#changes = changeStatements(tenancy);
    this.#purge = purge(tenancy);
    this.#lock = lockRow(tenancy);
    this.#existing = existingById(tenancy);
  }

  async write(mutation: Mutation, items: readonly GivenItem[], atomic: boolean): Promise<WriteAnswer> {
    const [only] = items;
    if (mutation.request === null && atomic) {
      throwFirst(items);
    }
    if (items.length === 1 && mutation.request === null && atomic && isPlain(only!)) {
      const written = await this.#writeOne(mutation, only);
      if (written !== null) {
        return { results: [written], deltaId: mutation.deltaId, replayed: false };
      }
    }
    return this.#writeTogether(mutation, items, atomic);
  }

  update(mutation: Mutation, { id, patch, expectedRevision }: UpdateCommand): Promise<SingleAnswer> {
    return this.#change(mutation, this.#changes.update, updateOf(mutation, id, patch, expectedRevision));
  }

  delete(mutation: Mutation, id: string, expectedRevision: number | null): Promise<SingleAnswer> {
    return this.#change(mutation, this.#changes.delete, deletionOf(mutation, id, expectedRevision));
  }

  restore(mutation: Mutation, id: string, expectedRevision: number | null): Promise<SingleAnswer> {
    return this.#change(mutation, this.#changes.restore, restorationOf(mutation, id, expectedRevision));
  }

  async purge(mutation: Mutation, id: string, expectedRevision: number | null): Promise<void> {
    const { access, signal } = mutation;
    const values = CHANGE_PARAMETERS.values(changeValues(mutation, id, expectedRevision));
    await this.#session.transaction(inWorkspace(access.workspaceId), signal, async (tx) => {
      const [locked, purged] = await tx.pipeline([
        { statement: this.#lock, values: values.slice(0, 2) },
        { statement: this.#purge, values },
      ]);
      for (const result of [locked!, purged!]) {
        if (!("rows" in result)) {
          throw result.error;
        }
      }
      if ((purged as { rows: readonly Row[] }).rows.length === 0) {
        await this.#changeable(tx, mutation, id, expectedRevision);
        throw lostRace();
      }
    });
  }

  /** In one round trip. Null: rejected, having changed nothing; the long way says why. */
  async #writeOne(mutation: Mutation, item: WriteItem): Promise<Written | null> {
    const { access, signal } = mutation;
    try {
      const { statement, values } = this.#writer.insertion(mutation, item);
      const [row] = await this.#session.run(inWorkspace(access.workspaceId), statement, values, signal);
      return row === undefined ? null : toWrittenItem(access.workspaceId, item, row);
    } catch (error) {
      throw writeFailure(error);
    }
  }

  async #writeTogether(mutation: Mutation, given: readonly GivenItem[], atomic: boolean): Promise<WriteAnswer> {
    const { request, access, signal } = mutation;
    const items = given.filter((item): item is WriteItem => !(item instanceof DomainError));
    return this.#session.transaction(inWorkspace(access.workspaceId), signal, async (tx) => {
      const replay = request === null ? null : await this.#requests.begin(tx, mutation, request);
      if (replay !== null) {
        return { ...replayOf(replay, given.length, request!.requestId), replayed: true };
      }
      if (atomic) {
        throwFirst(given);
      }
      await ensureOwners(tx, this.#tenancy, mutation, ownersOf(items));
      const written = await (atomic ? writeAll : writeEach)(this.#writer, tx, mutation, items);
      let next = 0;
      const results = given.map((item) => (item instanceof DomainError ? item : written[next++]!));
      if (request !== null) {
        await this.#requests.record(tx, mutation, request, results);
      }
      return { results, deltaId: mutation.deltaId, replayed: false };
    });
  }

  async #change(mutation: Mutation, statement: Statement, change: Change): Promise<SingleAnswer> {
    const { access, signal, request, deltaId } = mutation;
    const scope = inWorkspace(access.workspaceId);
    if (request === null) {
      const [row] = await this.#session.run(scope, statement, change.values, signal);
      if (row !== undefined) {
        return { ...toWritten(row), deltaId };
      }
    }
    return this.#session.transaction(scope, signal, async (tx) => {
      const replay = request === null ? null : await this.#requests.begin(tx, mutation, request);
      const [first] = replay?.results ?? [];
      if (first !== undefined && !(first instanceof DomainError)) {
        return { ...first, deltaId: replay!.deltaId };
      }
      const [row] = await tx.query(statement, change.values);
      const written =
        row === undefined
          ? change.rejected(await this.#changeable(tx, mutation, change.id, change.expectedRevision))
          : toWritten(row);
      if (request !== null) {
        await this.#requests.record(tx, mutation, request, [written]);
      }
      return { ...written, deltaId };
    });
  }

  async #changeable(tx: Transaction, { access }: Mutation, id: string, expectedRevision: number | null): Promise<Row> {
    const [existing] = await tx.query(this.#existing, READ_PARAMETERS.values(principalValues(access, id)));
    return requireChangeable(existing, id, expectedRevision);
  }
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

/** Rejected by nothing but an owner that is not registered yet, or a row that `create_only` finds. */
function isPlain(item: GivenItem): item is WriteItem {
  return (
    !(item instanceof DomainError) &&
    item.volumeId === null &&
    item.expectedRevision === null &&
    item.mode !== "update_only"
  );
}

function ownersOf(items: readonly WriteItem[]): ReadonlySet<string> {
  return new Set(items.flatMap((item) => (item.agentId === null || item.volumeId !== null ? [] : [item.agentId])));
}
