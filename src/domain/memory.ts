import type { JsonObject } from "./json.ts";

export type Visibility = "private" | "shared";
export type EmbeddingStatus = "attached" | "pending" | "failed" | "disabled";

export interface LinkedEntity {
  readonly type: string;
  readonly id: string;
}

export interface GuardVerdict {
  readonly status: "approved" | "merged" | "rejected";
  readonly reason: string;
  readonly confidence: number;
}

/** The fields that name a memory; they never change, but for the kind of a memory without a key. */
export interface MemorySubject {
  readonly volumeId: string | null;
  readonly agentId: string | null;
  readonly subjectType: string;
  readonly subjectId: string | null;
  readonly kind: string;
  readonly key: string | null;
}

/** The fields that a caller may change. */
export interface MemoryBody {
  readonly title: string;
  readonly content: string;
  readonly visibility: Visibility;
  readonly metadata: JsonObject;
  readonly tags: readonly string[];
  readonly linkedEntities: readonly LinkedEntity[];
  readonly confidence: number;
  readonly sourceKind: string | null;
  readonly sourceId: string | null;
  readonly sourceContext: string | null;
  readonly provenance: string | null;
  readonly parentMemoryId: string | null;
  readonly expireTime: Date | null;
  readonly expireReason: string | null;
  readonly shapeId: string | null;
}

/** One piece of knowledge. Ids are lower-case UUIDs; times are whole milliseconds. */
export interface Memory extends MemorySubject, MemoryBody {
  readonly id: string;
  readonly workspaceId: string;
  readonly embeddingStatus: EmbeddingStatus;
  readonly guard: GuardVerdict | null;
  readonly revision: number;
  readonly createTime: Date;
  readonly updateTime: Date;
  readonly deleteTime: Date | null;
}

export type Outcome = "created" | "updated" | "unchanged" | "revived" | "merged" | "rejected";

/** What a mutation left behind. */
export interface Written {
  readonly memory: Memory;
  readonly outcome: Outcome;
}

export type Change = "created" | "updated" | "revived" | "deleted" | "restored" | "reverted" | "purged";

/** What one write did to one memory. `memory` is null for a tombstone. */
export interface Revision {
  readonly memoryId: string;
  readonly revision: number;
  readonly change: Change;
  readonly memory: Memory | null;
  readonly keyId: string;
  readonly agentId: string | null;
  readonly deltaId: string;
  readonly requestId: string | null;
  readonly api: string;
  readonly createTime: Date;
}

/** Narrows a list or a search; every field that is set must hold. */
export interface MemoryFilter {
  readonly subjectType?: string;
  readonly subjectId?: string;
  readonly kinds?: readonly string[];
  readonly key?: string;
  readonly tagsAny?: readonly string[];
  readonly tagsAll?: readonly string[];
  readonly tagsNone?: readonly string[];
  readonly linkedEntity?: LinkedEntity;
  readonly agentId?: string;
  readonly volumeId?: string;
  readonly visibility?: Visibility;
  readonly metadata?: JsonObject;
  readonly createdAfter?: Date;
  readonly createdBefore?: Date;
  readonly updatedAfter?: Date;
  readonly updatedBefore?: Date;
  readonly sourceKind?: string;
  readonly sourceId?: string;
}
