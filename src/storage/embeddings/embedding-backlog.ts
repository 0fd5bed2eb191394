import type { CompletedEmbedding, EmbeddingWork, PendingEmbedding } from "../../domain/ports/embedding-queue.ts";
import { asWorker, inWorkspace, type Row, type Session } from "../engine/session.ts";
import type { Tenancy } from "../engine/tenancy.ts";
import { BACKLOG_DUE, type BacklogStatements, backlogStatements } from "./embedding-backlog-sql.ts";
import { BY_INDEX } from "./embedding-generations-sql.ts";
import { byWorkspace, keysOf, toPending, uuidArray, vectorTexts } from "./embedding-rows.ts";

const LOOK_AHEAD = 4;

/** What the generation that is being built still lacks, as a queue. */
export class SqlEmbeddingBacklog implements EmbeddingWork {
  readonly #session: Session;
  readonly #sql: BacklogStatements;

  constructor(session: Session, tenancy: Tenancy) {
    this.#session = session;
    this.#sql = backlogStatements(tenancy);
  }

  async claim(limit: number, leaseMs: number): Promise<readonly PendingEmbedding[]> {
    const due = await this.#session.run(asWorker, BACKLOG_DUE, [limit * LOOK_AHEAD], null);
    const claimed: PendingEmbedding[] = [];
    for (const [workspaceId, rows] of byWorkspace(due)) {
      if (claimed.length >= limit) break;
      const values = [workspaceId, uuidArray(rows.map((row) => row.id as string)), leaseMs, limit - claimed.length];
      const taken = await this.#session.run(inWorkspace(workspaceId, BY_INDEX), this.#sql.claim, values, null);
      const [needless, needed] = split(workspaceId, taken);
      claimed.push(...needed);
      if (needless.length > 0) {
        const cleared = [workspaceId, ...keysOf(needless)];
        await this.#session.run(inWorkspace(workspaceId, BY_INDEX), this.#sql.clear, cleared, null);
      }
    }
    return claimed;
  }

  async complete(generation: number, done: readonly CompletedEmbedding[]): Promise<number> {
    let count = 0;
    for (const [workspaceId, items] of Map.groupBy(done, (item) => item.workspaceId)) {
      const values = [workspaceId, ...keysOf(items), vectorTexts(items), generation];
      count += (await this.#session.run(inWorkspace(workspaceId, BY_INDEX), this.#sql.complete, values, null)).length;
    }
    return count;
  }

  async release(pending: readonly PendingEmbedding[], retryInMs: number, maxAttempts: number | null): Promise<void> {
    for (const [workspaceId, items] of Map.groupBy(pending, (item) => item.workspaceId)) {
      const values = [workspaceId, ...keysOf(items), Math.round(retryInMs), maxAttempts];
      await this.#session.run(inWorkspace(workspaceId, BY_INDEX), this.#sql.release, values, null);
    }
  }
}

function split(workspaceId: string, rows: readonly Row[]): readonly [PendingEmbedding[], PendingEmbedding[]] {
  const needless = rows.filter((row) => row.needless === true);
  const needed = rows.filter((row) => row.needless !== true);
  return [needless.map((row) => toPending(workspaceId, row)), needed.map((row) => toPending(workspaceId, row))];
}
