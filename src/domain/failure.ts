/** Why a call failed: the names of `cairn.v1.ErrorReason` without their prefix. */
export type Reason =
  | "INVALID_FIELD"
  | "UPDATE_MASK_EMPTY"
  | "FIELD_IMMUTABLE"
  | "EXPIRE_TIME_PAST"
  | "PAGE_TOKEN_INVALID"
  | "REQUEST_ID_REUSED"
  | "MALFORMED_REQUEST"
  | "CREDENTIALS_MISSING"
  | "CREDENTIALS_INVALID"
  | "CREDENTIALS_EXPIRED"
  | "SCOPE_MISSING"
  | "AGENT_MISMATCH"
  | "NOT_OWNER"
  | "SCOPE_NOT_GRANTABLE"
  | "MEMORY_NOT_FOUND"
  | "AGENT_NOT_FOUND"
  | "KEY_NOT_FOUND"
  | "WORKSPACE_NOT_FOUND"
  | "VOLUME_NOT_FOUND"
  | "REQUEST_RESULT_PURGED"
  | "ROUTE_NOT_FOUND"
  | "EMBEDDING_GENERATION_NOT_FOUND"
  | "MEMORY_ALREADY_EXISTS"
  | "AGENT_ALREADY_EXISTS"
  | "WORKSPACE_ALREADY_EXISTS"
  | "REVISION_MISMATCH"
  | "REQUEST_IN_FLIGHT"
  | "STATE_FORBIDS"
  | "REQUEST_TOO_LARGE"
  | "OVERLOADED"
  | "EMBEDDER_UNAVAILABLE"
  | "STORAGE_UNAVAILABLE"
  | "SHUTTING_DOWN"
  | "DEADLINE_EXCEEDED"
  | "CANCELLED"
  | "INTERNAL";

/**
 * The only error that the domain, the use cases and the stores throw on purpose. `metadata` repeats every varying word of the
 * message; the key `field` names the field at fault, in proto spelling, such as `memory.content`.
 */
export class DomainError extends Error {
  readonly reason: Reason;
  readonly metadata: Readonly<Record<string, string>>;

  constructor(reason: Reason, message: string, metadata: Record<string, string> = {}, cause?: unknown) {
    super(message, { cause });
    this.name = "DomainError";
    this.reason = reason;
    this.metadata = metadata;
  }
}

/** A field that breaks a rule: INVALID_FIELD with `field` set. */
export function invalidField(field: string, message: string): DomainError {
  return new DomainError("INVALID_FIELD", `${field}: ${message}`, { field });
}
