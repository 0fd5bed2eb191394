import { DomainError } from "../../domain/failure.ts";
import type { Written } from "../../domain/memory.ts";
import { memoryNotFound } from "../../domain/memory-not-found.ts";
import type { Access, MemoryPatch, Mutation, SingleAnswer, UpdateCommand } from "../../domain/ports/memory-store.ts";
import { OUTCOMES } from "../codes.ts";
import type { RequestLog } from "../request-log.ts";
import { revisionMismatch } from "../revision-mismatch.ts";
import { inWorkspace, type Row, type Session, type Statement, type Transaction, type Value } from "../session.ts";
import { SqlFailure } from "../sql-failure.ts";
import type { Tenancy } from "../tenancy.ts";
import { auditValues } from "./audit.ts";
import {
  CHANGE_PARAMETERS,
  existingById,
  lockRow,
  maskBit,
  PATCH_PARAMETERS,
  patch,
  purge,
  READ_PARAMETERS,
  restore,
  softDelete,
} from "./change-statements.ts";
import { PATCHABLE } from "./memory-entity.ts";
import { toMemory } from "./memory-row.ts";

/** One change of one memory that exists. */
interface Change {
  readonly id: string;
  readonly expectedRevision: number | null;
  readonly statement: Statement;
  readonly values: readonly Value[];
  /** What to say of a row that could be changed and was not; throws, or answers. */
  refused(met: Row): Written;
}

/** Updates, deletes, restores and purges memories by id. */
export class MemoryChanger {
  readonly #session: Session;
  readonly #requests: RequestLog;
  readonly #patch: Statement;
  readonly #delete: Statement;
  readonly #restore: Statement;
  readonly #purge: Statement;
  readonly #lock: Statement;
  readonly #existing: Statement;

  constructor(session: Session, tenancy: Tenancy, requests: RequestLog) {
    this.#session = session;
    this.#requests = requests;
    this.#patch = patch(tenancy);
    this.#delete = softDelete(tenancy);
    this.#restore = restore(tenancy);
    this.#purge = purge(tenancy);
    this.#lock = lockRow(tenancy);
    this.#existing = existingById(tenancy);
  }

  update(mutation: Mutation, { id, patch: changes, expectedRevision }: UpdateCommand): Promise<SingleAnswer> {
    return this.#change(mutation, {
      id,
      expectedRevision,
      statement: this.#patch,
      values: PATCH_PARAMETERS.values({ ...commonValues(mutation, id, expectedRevision), ...patchValues(changes) }),
      refused: (met) => {
        refuseHidden(met, id, expectedRevision);
        if (changes.kind !== undefined && met.key !== null && met.kind !== changes.kind) {
          const field = "memory.kind";
          throw new DomainError("FIELD_IMMUTABLE", `${field}: never changes where the memory has a key`, { field });
        }
        throw lostRace();
      },
    });
  }

  delete(mutation: Mutation, id: string, expectedRevision: number | null): Promise<SingleAnswer> {
    return this.#change(mutation, {
      id,
      expectedRevision,
      statement: this.#delete,
      values: CHANGE_PARAMETERS.values(commonValues(mutation, id, expectedRevision)),
      refused: (met) => {
        refuseHidden(met, id, expectedRevision);
        throw lostRace();
      },
    });
  }

  restore(mutation: Mutation, id: string, expectedRevision: number | null): Promise<SingleAnswer> {
    return this.#change(mutation, {
      id,
      expectedRevision,
      statement: this.#restore,
      values: CHANGE_PARAMETERS.values(commonValues(mutation, id, expectedRevision)),
      refused: (met) => {
        if (met.live) {
          return { memory: toMemory(met), outcome: "unchanged" };
        }
        throw lostRace();
      },
    });
  }

  async purge(mutation: Mutation, id: string, expectedRevision: number | null): Promise<void> {
    const { access, signal } = mutation;
    const values = CHANGE_PARAMETERS.values(commonValues(mutation, id, expectedRevision));
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
        await this.#meet(tx, mutation, id, expectedRevision);
        throw lostRace();
      }
    });
  }

  async #change(mutation: Mutation, change: Change): Promise<SingleAnswer> {
    const { access, signal, request, deltaId } = mutation;
    const scope = inWorkspace(access.workspaceId);
    if (request === null) {
      const [row] = await this.#session.run(scope, change.statement, change.values, signal);
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
      const [row] = await tx.query(change.statement, change.values);
      const written =
        row === undefined
          ? change.refused(await this.#meet(tx, mutation, change.id, change.expectedRevision))
          : toWritten(row);
      if (request !== null) {
        await this.#requests.record(tx, mutation, request, [written]);
      }
      return { ...written, deltaId };
    });
  }

  /** The row as the caller may read it. Throws where it may not, may not change it, or expected another revision. */
  async #meet(tx: Transaction, { access }: Mutation, id: string, expectedRevision: number | null): Promise<Row> {
    const [met] = await tx.query(this.#existing, READ_PARAMETERS.values(principalValues(access, id)));
    if (met === undefined) {
      throw absent(id, expectedRevision);
    }
    if (!met.changeable) {
      throw new DomainError("NOT_OWNER", `memory ${id} may be read and not changed`, { memory_id: id });
    }
    if (expectedRevision !== null && met.revision !== expectedRevision) {
      throw revisionMismatch(expectedRevision, met.revision as number);
    }
    return met;
  }
}

/** For changes that find only live memories: the others answer as if they were not there. */
function refuseHidden(met: Row, id: string, expectedRevision: number | null): void {
  if (!met.live) {
    throw absent(id, expectedRevision);
  }
}

function absent(id: string, expectedRevision: number | null): DomainError {
  return expectedRevision === null ? memoryNotFound(id) : revisionMismatch(expectedRevision, undefined);
}

/** What refused the change is gone already: the transaction runs again. */
function lostRace(): SqlFailure {
  return new SqlFailure("40001", "the row that refused the change has changed", undefined);
}

function toWritten(row: Row): Written {
  return { memory: toMemory(row), outcome: OUTCOMES[row.last_outcome as number]! };
}

function commonValues(mutation: Mutation, id: string, expectedRevision: number | null) {
  return { ...principalValues(mutation.access, id), expectedRevision, ...auditValues(mutation) };
}

function principalValues({ workspaceId, agentId, volumeId }: Access, id: string) {
  return { workspaceId, id, principalAgentId: agentId, principalVolumeId: volumeId };
}

/** The mask, and a value for each patchable column; what the mask leaves out is null. */
function patchValues(changes: MemoryPatch): Record<string, Value> {
  const values: Record<string, Value> = {};
  let mask = 0;
  for (const { field, type } of PATCHABLE) {
    const value = changes[field as keyof MemoryPatch];
    if (value !== undefined) mask |= maskBit(field);
    values[`new_${field}`] = value === undefined || value === null ? null : type.encode(value);
  }
  return { ...values, mask };
}
