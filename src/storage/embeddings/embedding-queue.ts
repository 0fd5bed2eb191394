import type {
  CompletedEmbedding,
  EmbeddingQueue,
  IndexCoverage,
  PendingEmbedding,
  Promoted,
  RequeueCursor,
} from "../../domain/ports/embedding-queue.ts";
import {
  asOperator,
  asWorker,
  inWorkspace,
  type Row,
  type Scope,
  type Session,
  type Statement,
  type Value,
} from "../engine/session.ts";
import type { Tenancy } from "../engine/tenancy.ts";
import {
  DUE,
  ENSURE_GENERATION,
  INDEXING,
  LACKING,
  type QueueStatements,
  queueStatements,
  type RowStatements,
  TO_PROMOTE,
} from "./embedding-queue-sql.ts";
import { byWorkspace, keysOf, toPending, uuidArray, vectorTexts } from "./embedding-rows.ts";

/** When vectors move into the HNSW index. */
export interface PromotionPolicy {
  /** Un-indexed vectors of a workspace that make it large. */
  readonly largeFrom: number;
  /** Un-indexed vectors that a large workspace keeps. */
  readonly tail: number;
  /** Vectors moved at a time, at most; their rows stay locked meanwhile. */
  readonly batchSize: number;
  /** What moving a batch should take at most: its size follows. Default: it is always `batchSize`. */
  readonly stepMs?: number;
  /** Rest after a batch, as a multiple of what it took. Default 0. */
  readonly restFactor?: number;
}

/**
 * Up to there an exact search is as fast as HNSW, which must pass over the vectors of all other workspaces, and misses nothing.
 * On PGlite building the index is dear, and an insertion stops everything else: it has a fifth of the time, in short steps.
 */
export const PROMOTION: Readonly<Record<"postgres" | "pglite", PromotionPolicy>> = {
  postgres: { largeFrom: 12_000, tail: 500, batchSize: 200 },
  pglite: { largeFrom: 20_000, tail: 2000, batchSize: 50, stepMs: 60, restFactor: 4 },
};

/** A first step of indexing, where each is as large as the one before it shows. */
const FIRST_STEP = 10;
/** A busy machine makes any step long: with fewer, indexing would never end. */
const LEAST_STEP = 5;
const REQUEUE_ROWS = 1000;
/** Another worker may take the first of what is due, so that more is looked at than is wanted. */
const LOOK_AHEAD = 4;
const NIL = "00000000-0000-0000-0000-000000000000";

/** The memory table as a queue. The worker's role finds ids in any workspace; all the rest happens inside one. */
export class SqlEmbeddingQueue implements EmbeddingQueue {
  readonly #session: Session;
  readonly #sql: QueueStatements;
  readonly #promotion: PromotionPolicy;
  #stepSize: number;

  constructor(session: Session, tenancy: Tenancy, promotion: PromotionPolicy) {
    this.#session = session;
    this.#sql = queueStatements(tenancy);
    this.#promotion = promotion;
    this.#stepSize = promotion.stepMs === undefined ? promotion.batchSize : Math.min(promotion.batchSize, FIRST_STEP);
  }

  async ensureGeneration(model: string, dimensions: number): Promise<number> {
    const [row] = await this.#session.run(asOperator, ENSURE_GENERATION, [model, dimensions], null);
    return row!.id as number;
  }

  async claim(limit: number, leaseMs: number): Promise<readonly PendingEmbedding[]> {
    const due = await this.#session.run(asWorker, DUE, [limit * LOOK_AHEAD], null);
    const claimed: PendingEmbedding[] = [];
    for (const [workspaceId, rows] of byWorkspace(due)) {
      if (claimed.length >= limit) break;
      const values = [workspaceId, uuidArray(rows.map((row) => row.id as string)), leaseMs, limit - claimed.length];
      const taken = await this.#session.run(inWorkspace(workspaceId), this.#sql.claim, values, null);
      claimed.push(...taken.map((row) => toPending(workspaceId, row)));
    }
    return claimed;
  }

  async complete(generation: number, done: readonly CompletedEmbedding[]): Promise<number> {
    return this.#change(this.#sql.complete, done, (items) => [...keysOf(items), vectorTexts(items), generation]);
  }

  async release(pending: readonly PendingEmbedding[], retryInMs: number, maxAttempts: number | null): Promise<void> {
    const rest = [Math.round(retryInMs), maxAttempts];
    await this.#change(this.#sql.release, pending, (items) => [...keysOf(items), ...rest]);
  }

  async requeue(generation: number, cursor: RequeueCursor | null): Promise<RequeueCursor | null> {
    const from = [cursor?.workspaceId ?? NIL, cursor?.memoryId ?? NIL];
    const rows = await this.#session.run(asWorker, LACKING, [...from, generation, REQUEUE_ROWS], null);
    await this.#settle(
      rows.filter((row) => row.lacking === true),
      this.#sql.requeue,
      generation,
    );
    await this.#settle(
      rows.filter((row) => row.settled === false),
      this.#sql.settle,
      generation,
    );
    const last = rows.length < REQUEUE_ROWS ? undefined : rows.at(-1);
    return last === undefined ? null : { workspaceId: last.workspace_id as string, memoryId: last.id as string };
  }

  async #settle(rows: readonly Row[], statements: RowStatements, generation: number): Promise<void> {
    const found = rows.map((row) => ({ workspaceId: row.workspace_id as string, memoryId: row.id as string }));
    await this.#change(statements, found, (items) => [uuidArray(items.map((item) => item.memoryId)), generation]);
  }

  /** All of a workspace's at once, and those that a writer held one by one; answers how many. */
  async #change<Item extends Pick<CompletedEmbedding, "workspaceId" | "memoryId">>(
    { together, alone }: RowStatements,
    items: readonly Item[],
    valuesOf: (items: readonly Item[]) => Value[],
  ): Promise<number> {
    let count = 0;
    for (const [workspaceId, own] of Map.groupBy(items, (item) => item.workspaceId)) {
      const run = (statement: Statement, some: readonly Item[]) =>
        this.#session.run(inWorkspace(workspaceId), statement, [workspaceId, ...valuesOf(some)], null);
      const changed = new Set((await run(together, own)).map((row) => row.id));
      count += changed.size;
      for (const item of own) {
        if (!changed.has(item.memoryId)) {
          count += (await run(alone, [item])).length;
        }
      }
    }
    return count;
  }

  async promote(generation: number, beyond = 0): Promise<Promoted> {
    const { tail, largeFrom, restFactor = 0 } = this.#promotion;
    const lengths = [Math.max(tail, beyond), Math.max(largeFrom, beyond)];
    const search = await this.#timed(asWorker, TO_PROMOTE, [generation, ...lengths]);
    const [found] = search.rows;
    if (found === undefined) return { moved: 0, restMs: 0 };
    const workspaceId = found.workspace_id as string;
    const values = [workspaceId, generation, this.#stepSize];
    const { rows, ms } = await this.#timed(inWorkspace(workspaceId), this.#sql.promote, values);
    this.#adapt(rows.length, ms);
    return { moved: rows.length, restMs: Math.round((search.ms + ms) * restFactor) };
  }

  async indexing(generation: number): Promise<IndexCoverage> {
    const { tail, largeFrom } = this.#promotion;
    const [row] = await this.#session.run(asWorker, INDEXING, [generation, tail, largeFrom], null);
    return { indexed: row!.indexed as number, toIndex: row!.to_index as number };
  }

  /** Without the wait for a connection, which says nothing of the statement. */
  #timed(scope: Scope, statement: Statement, values: Value[]): Promise<{ rows: readonly Row[]; ms: number }> {
    return this.#session.transaction(scope, null, async (tx) => {
      const began = performance.now();
      const rows = await tx.query(statement, values);
      return { rows, ms: performance.now() - began };
    });
  }

  /** Grows by half a step at most, as a lucky one says little of the next. */
  #adapt(moved: number, ms: number): void {
    const { stepMs, batchSize } = this.#promotion;
    if (stepMs === undefined || (moved < this.#stepSize && ms < stepMs)) return;
    const fitting = Math.floor(moved * Math.min(1.5, stepMs / Math.max(ms, 1)));
    this.#stepSize = Math.min(batchSize, Math.max(fitting, Math.min(LEAST_STEP, batchSize)));
  }
}
