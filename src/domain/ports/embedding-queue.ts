/** A memory whose vector is wanted. */
export interface PendingEmbedding {
  readonly workspaceId: string;
  readonly memoryId: string;
  /** The revision of the text; completing with another one is ignored. */
  readonly contentRevision: number;
  /** The searched text: title, content and metadata's leaves, capped at 4,000 characters. */
  readonly text: string;
  readonly attempts: number;
}

export interface CompletedEmbedding {
  readonly workspaceId: string;
  readonly memoryId: string;
  readonly contentRevision: number;
  /** Null: the text has nothing that the model knows; the memory becomes DISABLED. */
  readonly vector: Float32Array | null;
}

/** How far `requeue` has come. */
export interface RequeueCursor {
  readonly workspaceId: string;
  readonly memoryId: string;
}

/** One step of indexing. */
export interface Promoted {
  /** Vectors that it moved into the index. */
  readonly moved: number;
  /** What all else should have of the engine before the next step. */
  readonly restMs: number;
}

/** How far a generation is in the index. */
export interface IndexCoverage {
  readonly indexed: number;
  /** Of large workspaces, beside the few that are always read one by one. */
  readonly toIndex: number;
}

/** Memories that want a vector: a queue that several processes share. */
export interface EmbeddingWork {
  /** Claims what is due with SKIP LOCKED and leases it for `leaseMs`. */
  claim(limit: number, leaseMs: number): Promise<readonly PendingEmbedding[]>;
  /** Attaches vectors whose text has not changed since; answers how many. */
  complete(generation: number, done: readonly CompletedEmbedding[]): Promise<number>;
  /** Puts memories back for `retryInMs`; those at `maxAttempts` become FAILED. Null: the attempt does not count. */
  release(pending: readonly PendingEmbedding[], retryInMs: number, maxAttempts: number | null): Promise<void>;
}

/**
 * The work of attaching vectors of the active generation; the memory table itself is the queue. Completing for a generation
 * that is not active any more does nothing; 0, with vectors null throughout, does nothing where one is active.
 */
export interface EmbeddingQueue extends EmbeddingWork {
  /** The generation of this model and dimension, made with its index where it is new. A database's first is active at once. */
  ensureGeneration(model: string, dimensions: number): Promise<number>;
  /**
   * Makes memories pending that have no vector of the generation, as after a change of the model, and ATTACHED those that have
   * one: one bounded piece of the table, from behind `cursor` (null: from the start). Answers where it came to; null: to the end.
   */
  requeue(generation: number, cursor: RequeueCursor | null): Promise<RequeueCursor | null>;
  /**
   * Moves vectors of large workspaces into the HNSW index, one step, as large as one statement may take. With `beyond`: of those
   * alone that have more un-indexed vectors than that.
   */
  promote(generation: number, beyond?: number): Promise<Promoted>;
  /** Counts over every workspace: for people, not for loops. */
  indexing(generation: number): Promise<IndexCoverage>;
}
