import { DomainError } from "../../domain/failure.ts";

/** `found` undefined: there is no row, or none that the caller may read. */
export function revisionMismatch(expected: number, found: number | undefined): DomainError {
  const named = { expected_revision: String(expected) };
  return found === undefined
    ? new DomainError("REVISION_MISMATCH", `expected revision ${expected} of a memory that is not there`, named)
    : new DomainError("REVISION_MISMATCH", `expected revision ${expected}, the memory is at ${found}`, {
        ...named,
        revision: String(found),
      });
}
