type Nothing = Readonly<Record<never, string>>;
/** The field at fault: its path in the request message, in proto spelling, such as `writes[3].memory.content`. */
type AtField = { readonly field: string };

/**
 * Why a call failed, by the names of `cairn.v1.ErrorReason` without their prefix, and what the metadata of each holds: every varying
 * word of the message, under the same keys wherever the reason is given.
 */
export interface MetadataOf {
  /** `rule`: of a rule about the message as a whole, whose `field` is empty. */
  readonly INVALID_FIELD: AtField & { readonly rule?: string };
  readonly UPDATE_MASK_EMPTY: AtField;
  readonly FIELD_IMMUTABLE: AtField;
  readonly EXPIRE_TIME_PAST: AtField;
  readonly PAGE_TOKEN_INVALID: AtField;
  readonly REQUEST_ID_REUSED: { readonly request_id: string };
  readonly MALFORMED_REQUEST: AtField;
  readonly CREDENTIALS_MISSING: Nothing;
  readonly CREDENTIALS_INVALID: Nothing;
  readonly CREDENTIALS_EXPIRED: Nothing;
  readonly SCOPE_MISSING: { readonly scope: string };
  /** UUID or handle, as it was given. */
  readonly AGENT_MISMATCH: { readonly agent: string };
  readonly NOT_OWNER: { readonly memory_id: string };
  /** `exceeds`: `agent`, `volume_id` or `expire_time`, where it is no scope that goes beyond. */
  readonly SCOPE_NOT_GRANTABLE: { readonly scope: string } | { readonly exceeds: string };
  /** Absent where the memory was named by its subject, kind and key. */
  readonly MEMORY_NOT_FOUND: { readonly memory_id?: string };
  /** UUID or handle, as it was given. */
  readonly AGENT_NOT_FOUND: { readonly agent: string };
  readonly KEY_NOT_FOUND: { readonly key_id: string };
  /** UUID or handle, as it was given. */
  readonly WORKSPACE_NOT_FOUND: { readonly workspace: string };
  readonly VOLUME_NOT_FOUND: { readonly volume_id: string };
  readonly REQUEST_RESULT_PURGED: { readonly request_id: string };
  readonly ROUTE_NOT_FOUND: Nothing;
  readonly EMBEDDING_GENERATION_NOT_FOUND: { readonly generation: string };
  /** Absent where the caller may not read the memory. */
  readonly MEMORY_ALREADY_EXISTS: { readonly memory_id?: string };
  readonly AGENT_ALREADY_EXISTS: { readonly handle: string };
  readonly WORKSPACE_ALREADY_EXISTS: { readonly handle: string };
  /** `revision`: the memory's; absent where there is none. */
  readonly REVISION_MISMATCH: { readonly expected_revision: string; readonly revision?: string };
  readonly REQUEST_IN_FLIGHT: { readonly request_id: string };
  /** The thing whose state it is: one of these. */
  readonly STATE_FORBIDS:
    | { readonly workspace: string }
    | { readonly key_id: string }
    | { readonly generation: string; readonly missing?: string; readonly model?: string };
  readonly REQUEST_TOO_LARGE: { readonly limit_bytes: string };
  readonly OVERLOADED: Nothing;
  readonly STORAGE_FULL: { readonly problem: string };
  /** `attempts`: of calls of a remote provider. */
  readonly EMBEDDER_UNAVAILABLE: { readonly problem: string; readonly attempts?: string };
  readonly STORAGE_UNAVAILABLE: Nothing;
  readonly SHUTTING_DOWN: Nothing;
  readonly DEADLINE_EXCEEDED: Nothing;
  readonly CANCELLED: Nothing;
  readonly INTERNAL: { readonly call_id: string };
}

export type Reason = keyof MetadataOf;

/** Reasons whose metadata may be left out. */
type Bare = {
  [R in Reason]: MetadataOf[R] extends Nothing ? (Nothing extends MetadataOf[R] ? R : never) : never;
}[Reason];

/** The only error that the domain, the use cases and the stores throw on purpose. */
export class DomainError<R extends Reason = Reason> extends Error {
  readonly reason: R;
  /** As MetadataOf says, and in a batch `item`, the place of the write at fault. */
  readonly metadata: Readonly<Record<string, string>>;

  constructor(
    reason: R,
    message: string,
    ...[metadata, cause]: R extends Bare ? [MetadataOf[R]?, unknown?] : [MetadataOf[R], unknown?]
  ) {
    super(message, { cause });
    this.name = "DomainError";
    this.reason = reason;
    this.metadata = (metadata ?? {}) as Record<string, string>;
  }
}

/** A field that breaks a rule: INVALID_FIELD with `field` set. */
export function invalidField(field: string, message: string): DomainError {
  return new DomainError("INVALID_FIELD", `${field}: ${message}`, { field });
}

/** The failure with its field named from another root: what is called `from`, or stands below it, is called `to` or stands there. */
export function atRoot(error: DomainError, from: string, to: string): DomainError {
  const { field } = error.metadata;
  if (field === undefined || from === to || !(field === from || field.startsWith(`${from}.`))) return error;
  const shown = to + field.slice(from.length);
  const message = error.message.startsWith(field) ? shown + error.message.slice(field.length) : error.message;
  return new DomainError(error.reason, message, { ...error.metadata, field: shown } as MetadataOf[Reason], error.cause);
}
