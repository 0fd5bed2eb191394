import { DomainError } from "../../domain/failure.ts";

/** Raised by the trigger `workspace_held`; the caller's key ended with its workspace, a moment after it was looked up. */
const WORKSPACE_DELETED = "P0W01";

/** A failure that Postgres reported. */
export class SqlFailure extends Error {
  /** SQLSTATE. */
  readonly code: string;
  readonly constraint: string | undefined;

  constructor(code: string, message: string, constraint: string | undefined) {
    super(message);
    this.name = "SqlFailure";
    this.code = code;
    this.constraint = constraint;
  }
}

// Classes of SQLSTATE begin with a digit, F0, HV, P0 or XX, so that EPIPE and its like never match.
const SQLSTATE = /^(?:[0-9][0-9A-Z]|F0|HV|P0|XX)[0-9A-Z]{3}$/;

/** SQLSTATE of a failure from either engine or from the ORM; null: not a failure that Postgres reported. */
export function sqlState(error: unknown): string | null {
  if (typeof error !== "object" || error === null) {
    return null;
  }
  const code = (error as { code?: unknown }).code;
  if (typeof code === "string" && SQLSTATE.test(code)) {
    return code;
  }
  const cause = (error as { cause?: unknown }).cause;
  return cause === undefined ? null : sqlState(cause);
}

/** True where the transaction lost a race and may be run again. */
export function isRetryable(error: unknown): boolean {
  const state = sqlState(error);
  return state === "40P01" || state === "40001";
}

/** In the words of the system, as Postgres quotes them, whatever SQLSTATE it gives them. */
const DISK_FULL = /No space left on device|Disk quota exceeded/;
const READ_ONLY_DISK = /Read-only file system/;

/** Why the database takes no writes, though it answers; null: something else. */
function noWrites(state: string, error: unknown): string | null {
  const message = error instanceof Error ? error.message : "";
  if (state === "53100" || DISK_FULL.test(message)) return "its disk is full";
  if (READ_ONLY_DISK.test(message)) return "its file system is read-only";
  return state === "25006" ? "it is read-only" : null;
}

/**
 * Turns failures that any statement may meet into DomainErrors; leaves the others as they are. `shortage`: what the disk is known
 * to lack, so that the engine was told to take no writes.
 */
export function translateFailure(error: unknown, shortage: string | null = null): unknown {
  if (error instanceof DomainError) {
    return error;
  }
  const state = sqlState(error);
  if (state === null) {
    return error;
  }
  if (state === WORKSPACE_DELETED) {
    return new DomainError("CREDENTIALS_INVALID", "the key is unknown or revoked", {}, error);
  }
  // A failure of the system or of the engine itself, met while there is no room, is for want of it.
  const known = shortage !== null && /^(?:25006|58|XX)/.test(state);
  const problem = known ? "its disk is full" : noWrites(state, error);
  if (problem !== null) {
    const cause = known ? new Error(shortage, { cause: error }) : error;
    return new DomainError("STORAGE_FULL", `the database takes no writes: ${problem}`, { problem }, cause);
  }
  if (state === "57014") {
    return new DomainError("DEADLINE_EXCEEDED", "the database took too long", {}, error);
  }
  if (state.startsWith("08") || state.startsWith("57P") || state === "25P03") {
    return new DomainError("STORAGE_UNAVAILABLE", "the database does not answer", {}, error);
  }
  if (state.startsWith("53") || state.startsWith("40") || state === "55P03") {
    return new DomainError("OVERLOADED", "the database is overloaded", {}, error);
  }
  return error;
}

export function storageUnavailable(cause: unknown): DomainError {
  return new DomainError("STORAGE_UNAVAILABLE", "the database does not answer", {}, cause);
}
