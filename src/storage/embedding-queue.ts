import type {
  CompletedEmbedding,
  EmbeddingQueue,
  PendingEmbedding,
  RequeueCursor,
} from "../domain/ports/embedding-queue.ts";
import {
  DUE,
  ENSURE_GENERATION,
  LACKING,
  type QueueStatements,
  queueStatements,
  type RowStatements,
  TO_PROMOTE,
} from "./embedding-queue-sql.ts";
import { byWorkspace, keysOf, toPending, uuidArray, vectorTexts } from "./embedding-rows.ts";
import { asOperator, asWorker, inWorkspace, type Row, type Session, type Statement, type Value } from "./session.ts";
import type { Tenancy } from "./tenancy.ts";

/** When vectors move into the HNSW index. */
export interface PromotionPolicy {
  /** Un-indexed vectors of a workspace that make it large. */
  readonly largeFrom: number;
  /** Un-indexed vectors that a large workspace keeps. */
  readonly tail: number;
  /** Vectors moved at a time; their rows stay locked meanwhile. */
  readonly batchSize: number;
}

/**
 * Up to there an exact search is as fast as HNSW, which must pass over the vectors of all other workspaces, and misses nothing.
 * On PGlite building the index is dear, and a long insertion would stop everything else.
 */
export const PROMOTION: Readonly<Record<"postgres" | "pglite", PromotionPolicy>> = {
  postgres: { largeFrom: 12_000, tail: 500, batchSize: 200 },
  pglite: { largeFrom: 20_000, tail: 2000, batchSize: 50 },
};

const REQUEUE_ROWS = 1000;
/** Another worker may take the first of what is due, so that more is looked at than is wanted. */
const LOOK_AHEAD = 4;
const NIL = "00000000-0000-0000-0000-000000000000";

/** The memory table as a queue. The worker's role finds ids in any workspace; all the rest happens inside one. */
export class SqlEmbeddingQueue implements EmbeddingQueue {
  readonly #session: Session;
  readonly #sql: QueueStatements;
  readonly #promotion: PromotionPolicy;

  constructor(session: Session, tenancy: Tenancy, promotion: PromotionPolicy) {
    this.#session = session;
    this.#sql = queueStatements(tenancy);
    this.#promotion = promotion;
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

  async promote(generation: number, beyond = 0): Promise<number> {
    const { tail, largeFrom, batchSize } = this.#promotion;
    const lengths = [Math.max(tail, beyond), Math.max(largeFrom, beyond)];
    const [found] = await this.#session.run(asWorker, TO_PROMOTE, [generation, ...lengths], null);
    if (found === undefined) return 0;
    const workspaceId = found.workspace_id as string;
    const values = [workspaceId, generation, batchSize];
    return (await this.#session.run(inWorkspace(workspaceId), this.#sql.promote, values, null)).length;
  }
}
