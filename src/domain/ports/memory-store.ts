import type { DomainError } from "../failure.ts";
import type { JsonObject } from "../json.ts";
import type { Memory, MemoryBody, MemoryFilter, MemorySubject, Revision, Written } from "../memory.ts";

/** The principal that a statement reads for. The store adds it to every statement as a predicate, and as the row-level security setting. */
export interface Access {
  readonly workspaceId: string;
  /** One agent's view; null: the workspace's own authority, which sees everything. */
  readonly agentId: string | null;
  /** The volume that the key is bound to; null: every volume. */
  readonly volumeId: string | null;
}

/** Makes a mutation safe to repeat: unique per (workspace, key, requestId) for 24 hours. */
export interface RequestKey {
  readonly requestId: string;
  /** RPC method name. */
  readonly method: string;
  /** Version and SHA-256 of what the message says, as `2:` and hexadecimal; the order of its maps plays no part. */
  readonly bodyHash: string;
  /** SHA-256 of the message's bytes, as records without a version have it; for the 24 hours after an upgrade. */
  readonly firstRuleHash?: () => string;
}

/** Who mutates, and as part of what. Stamped on every revision. */
export interface Mutation {
  readonly access: Access;
  /** Owners that are not registered are; else they are AGENT_NOT_FOUND. */
  readonly registersAgents: boolean;
  readonly keyId: string;
  readonly callId: string;
  readonly api: string;
  /** UUIDv7 of the delta that the writes belong to. */
  readonly deltaId: string;
  readonly request: RequestKey | null;
  readonly signal: AbortSignal;
}

export type WriteMode = "upsert" | "create_only" | "update_only";

/** A text's vector in one generation; `null` vector in a WriteItem: to be attached by the worker, or not wanted. */
export interface TextVector {
  readonly generation: number;
  readonly vector: Float32Array;
}

export interface WriteItem extends MemorySubject, MemoryBody {
  /** UUIDv7 that the memory takes where it is new; its milliseconds are its create_time. */
  readonly id: string;
  readonly language: string;
  readonly mode: WriteMode;
  readonly expectedRevision: number | null;
  readonly embedding: TextVector | "pending" | "disabled";
}

/** Values of the fields that an update's mask names. */
export type MemoryPatch = Partial<MemoryBody & Pick<MemorySubject, "kind">>;

export interface UpdateCommand {
  readonly id: string;
  readonly patch: MemoryPatch;
  readonly expectedRevision: number | null;
}

/** A batch's answer in the order of its items. `replayed`: an earlier call with the same request key gave it. */
export interface WriteAnswer {
  readonly results: readonly (Written | DomainError)[];
  readonly deltaId: string;
  readonly replayed: boolean;
}

export interface SingleAnswer extends Written {
  readonly deltaId: string;
}

export interface Visible {
  readonly showDeleted: boolean;
  readonly showExpired: boolean;
}

export interface ListCommand extends Visible {
  readonly filter: MemoryFilter;
  /** Lists ids below this one; null: from the newest. */
  readonly beforeId: string | null;
  readonly limit: number;
}

/**
 * Memories and their revisions. Every mutation is one transaction; where `request` is set it answers a repeated call from the
 * revisions, and throws REQUEST_ID_REUSED, REQUEST_IN_FLIGHT or REQUEST_RESULT_PURGED.
 */
export interface MemoryStore {
  /**
   * Upserts in order. Atomic: the first failure rolls everything back and is thrown, its metadata naming `item` (0, 1, …) where
   * there is more than one. Else: a failed item becomes a DomainError in its place. An item that has failed already is given as
   * its DomainError, and counts unless the request was answered before.
   */
  write(mutation: Mutation, items: readonly (WriteItem | DomainError)[], atomic: boolean): Promise<WriteAnswer>;
  /** Null where the memory is absent, hidden by `visible`, or not for the principal to read. */
  get(access: Access, id: string, visible: Visible, signal: AbortSignal): Promise<Memory | null>;
  /** Live memories of these ids that the reader may see and that still fit the filter, in no order. */
  getLive(
    access: Access,
    ids: readonly string[],
    filter: MemoryFilter,
    signal: AbortSignal,
  ): Promise<readonly Memory[]>;
  /** Newest first. */
  list(access: Access, command: ListCommand, signal: AbortSignal): Promise<readonly Memory[]>;
  update(mutation: Mutation, command: UpdateCommand): Promise<SingleAnswer>;
  delete(mutation: Mutation, id: string, expectedRevision: number | null): Promise<SingleAnswer>;
  /** Outcome `unchanged` where the memory was live. */
  restore(mutation: Mutation, id: string, expectedRevision: number | null): Promise<SingleAnswer>;
  purge(mutation: Mutation, id: string, expectedRevision: number | null): Promise<void>;
  /** Newest first, `beforeRevision` exclusive. Throws MEMORY_NOT_FOUND. */
  listRevisions(
    access: Access,
    id: string,
    beforeRevision: number | null,
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly Revision[]>;
}

export type { JsonObject };
