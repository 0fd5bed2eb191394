import { DomainError } from "../../src/domain/failure.ts";
import type { Written } from "../../src/domain/memory.ts";
import type { Access, Mutation, WriteAnswer, WriteItem } from "../../src/domain/ports/memory-store.ts";
import { asOperator } from "../../src/storage/engine/session.ts";
import type { Storage } from "../../src/storage/storage.ts";
import { systemClock } from "../../src/system/system-clock.ts";
import { createUuidV7Source } from "../../src/system/uuid-v7.ts";

export const ids = createUuidV7Source(systemClock);
export const ALL = { showDeleted: true, showExpired: true };
export const LIVE_ONLY = { showDeleted: false, showExpired: false };

/** One workspace of its own and short ways to its memories. */
export class Tenant {
  readonly workspaceId = ids.next();
  readonly keyId = ids.next();
  readonly storage: Storage;
  readonly signal = new AbortController().signal;

  private constructor(storage: Storage) {
    this.storage = storage;
  }

  static async make(storage: Storage): Promise<Tenant> {
    const tenant = new Tenant(storage);
    const text = "insert into workspace (id, handle) values ($1::uuid, $2)";
    const values = [tenant.workspaceId, `w-${tenant.workspaceId}`];
    await storage.session.run(asOperator, { name: null, text }, values, null);
    return tenant;
  }

  access(agentId: string | null = null): Access {
    return { workspaceId: this.workspaceId, agentId, volumeId: null };
  }

  mutation(changes: Partial<Mutation> = {}): Mutation {
    return {
      access: this.access(),
      registersAgents: true,
      keyId: this.keyId,
      callId: "call",
      api: "native",
      deltaId: ids.next(),
      request: null,
      signal: this.signal,
      ...changes,
    };
  }

  as(agentId: string): Mutation {
    return this.mutation({ access: this.access(agentId) });
  }

  write(
    items: readonly (WriteItem | DomainError)[],
    changes: Partial<Mutation> = {},
    atomic = true,
  ): Promise<WriteAnswer> {
    return this.storage.memories.write(this.mutation(changes), items, atomic);
  }

  /** Writes one memory and answers what became of it. */
  async put(changes: Partial<WriteItem> = {}, mutation: Partial<Mutation> = {}): Promise<Written> {
    const { results } = await this.write([item(changes)], mutation);
    const [result] = results;
    if (result === undefined || result instanceof DomainError) {
      throw result ?? new Error("no result");
    }
    return result;
  }

  get(id: string, agentId: string | null = null, visible = LIVE_ONLY) {
    return this.storage.memories.get(this.access(agentId), id, visible, this.signal);
  }

  revisions(id: string, agentId: string | null = null) {
    return this.storage.memories.listRevisions(this.access(agentId), id, null, 100, this.signal);
  }

  /** Rows of SQL as the application inside this workspace. */
  async rows(text: string, values: readonly string[] = []): Promise<readonly Record<string, unknown>[]> {
    const { session } = this.storage;
    return session.transaction({ role: "cairn_app", workspaceId: this.workspaceId }, null, (tx) =>
      tx.query({ name: null, text }, values),
    );
  }
}

export function item(changes: Partial<WriteItem> = {}): WriteItem {
  return {
    id: ids.next(),
    volumeId: null,
    agentId: null,
    subjectType: "self",
    subjectId: null,
    kind: "fact",
    key: null,
    title: "",
    content: "the sky is blue",
    visibility: "private",
    metadata: {},
    tags: [],
    linkedEntities: [],
    confidence: 1,
    sourceKind: null,
    sourceId: null,
    sourceContext: null,
    provenance: null,
    parentMemoryId: null,
    expireTime: null,
    expireReason: null,
    shapeId: null,
    language: "english",
    mode: "upsert",
    expectedRevision: null,
    embedding: "pending",
    ...changes,
  };
}

/** A unit vector with all its weight in one place. */
export function vectorAt(place: number): Float32Array {
  const vector = new Float32Array(256);
  vector[place] = 1;
  return vector;
}

/** The reasons and outcomes of an answer, in order. */
export function outcomes(answer: WriteAnswer): readonly string[] {
  return answer.results.map((result) => (result instanceof DomainError ? result.reason : result.outcome));
}

/** Resolves in so many milliseconds by the clock that expiry is measured with. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
