import { DomainError } from "./failure.ts";

/** The one answer for a memory that is absent, hidden or not for the caller to read. */
export function memoryNotFound(id: string): DomainError {
  return new DomainError("MEMORY_NOT_FOUND", `no memory ${id}`, { memory_id: id });
}
