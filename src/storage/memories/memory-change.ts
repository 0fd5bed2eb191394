import { DomainError } from "../../domain/failure.ts";
import type { Written } from "../../domain/memory.ts";
import { memoryNotFound } from "../../domain/memory-not-found.ts";
import type { Access, MemoryPatch, Mutation } from "../../domain/ports/memory-store.ts";
import type { Row, Statement, Value } from "../engine/session.ts";
import { SqlFailure } from "../engine/sql-failure.ts";
import type { Tenancy } from "../engine/tenancy.ts";
import { auditValues } from "./audit.ts";
import { CHANGE_PARAMETERS, maskBit, PATCH_PARAMETERS, patch, restore, softDelete } from "./change-statements.ts";
import { OUTCOMES } from "./codes.ts";
import { PATCHABLE } from "./memory-entity.ts";
import { toMemory } from "./memory-row.ts";
import { revisionMismatch } from "./revision-mismatch.ts";

/** How one memory that exists is changed, for one caller. */
export interface Change {
  readonly id: string;
  readonly expectedRevision: number | null;
  readonly values: readonly Value[];
  /** What to say of a row that could be changed and was not; throws, or answers. */
  rejected(existing: Row): Written;
}

/** The statements of the changes. */
export function changeStatements(tenancy: Tenancy): Readonly<Record<"update" | "delete" | "restore", Statement>> {
  return { update: patch(tenancy), delete: softDelete(tenancy), restore: restore(tenancy) };
}

export function updateOf(
  mutation: Mutation,
  id: string,
  changes: MemoryPatch,
  expectedRevision: number | null,
): Change {
  return {
    id,
    expectedRevision,
    values: PATCH_PARAMETERS.values({ ...changeValues(mutation, id, expectedRevision), ...patchValues(changes) }),
    rejected: (existing) => {
      rejectHidden(existing, id, expectedRevision);
      if (changes.kind !== undefined && existing.key !== null && existing.kind !== changes.kind) {
        const field = "memory.kind";
        throw new DomainError("FIELD_IMMUTABLE", `${field}: never changes where the memory has a key`, { field });
      }
      throw lostRace();
    },
  };
}

export function deletionOf(mutation: Mutation, id: string, expectedRevision: number | null): Change {
  return {
    id,
    expectedRevision,
    values: CHANGE_PARAMETERS.values(changeValues(mutation, id, expectedRevision)),
    rejected: (existing) => {
      rejectHidden(existing, id, expectedRevision);
      throw lostRace();
    },
  };
}

export function restorationOf(mutation: Mutation, id: string, expectedRevision: number | null): Change {
  return {
    id,
    expectedRevision,
    values: CHANGE_PARAMETERS.values(changeValues(mutation, id, expectedRevision)),
    rejected: (existing) => {
      if (existing.live) {
        return { memory: toMemory(existing), outcome: "unchanged" };
      }
      throw lostRace();
    },
  };
}

/** Throws where the caller may not read the row, may not change it, or expected another revision. */
export function requireChangeable(existing: Row | undefined, id: string, expectedRevision: number | null): Row {
  if (existing === undefined) {
    throw absent(id, expectedRevision);
  }
  if (!existing.changeable) {
    throw new DomainError("NOT_OWNER", `memory ${id} may be read and not changed`, { memory_id: id });
  }
  if (expectedRevision !== null && existing.revision !== expectedRevision) {
    throw revisionMismatch(expectedRevision, existing.revision as number);
  }
  return existing;
}

/** For changes that find only live memories: the others answer as if they were not there. */
function rejectHidden(existing: Row, id: string, expectedRevision: number | null): void {
  if (!existing.live) {
    throw absent(id, expectedRevision);
  }
}

function absent(id: string, expectedRevision: number | null): DomainError {
  return expectedRevision === null ? memoryNotFound(id) : revisionMismatch(expectedRevision, undefined);
}

/** What rejected the change is gone already: the transaction runs again. */
export function lostRace(): SqlFailure {
  return new SqlFailure("40001", "the row that rejected the change has changed", undefined);
}

export function toWritten(row: Row): Written {
  return { memory: toMemory(row), outcome: OUTCOMES[row.last_outcome as number]! };
}

export function changeValues(mutation: Mutation, id: string, expectedRevision: number | null) {
  return { ...principalValues(mutation.access, id), expectedRevision, ...auditValues(mutation) };
}

export function principalValues({ workspaceId, agentId, volumeId }: Access, id: string) {
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
