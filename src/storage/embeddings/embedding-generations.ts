import type { EmbeddingGeneration, GenerationCoverage, GenerationState } from "../../domain/embedding-generation.ts";
import { DomainError } from "../../domain/failure.ts";
import type { EmbedMissing, GenerationStore } from "../../domain/ports/generation-store.ts";
import type { Scope, Session, Statement, Transaction, Value } from "../engine/session.ts";
import { asApplication, asOperator, asWorker, beginSql, inWorkspace, type Row } from "../engine/session.ts";
import type { Tenancy } from "../engine/tenancy.ts";
import { type BacklogStatements, backlogStatements } from "./embedding-backlog-sql.ts";
import * as sql from "./embedding-generations-sql.ts";
import { byWorkspace, keysOf, toPending, uuidArray, vectorTexts } from "./embedding-rows.ts";

const NIL = "00000000-0000-0000-0000-000000000000";
const SCAN_ROWS = 1000;
const DROP_ROWS = 500;
/** Texts that may be embedded while no write goes on. */
const MOST_MISSING = 256;
/** Another process notices within about a second that a generation is no longer the active one. */
const GRACE_SECONDS = 5;
/** Waits for running writes and lets none begin; reading goes on. A wait that is too long is given up, as writes queue behind it. */
const SHUT_OUT_WRITES = "set local lock_timeout = '2s'; lock table memory in share row exclusive mode";
const BY_INDEX_AS_WORKER: Scope = { ...asWorker, settings: sql.BY_INDEX };
const STATE_NAMES: Readonly<Record<number, GenerationState>> = {
  [sql.STATES.building]: "building",
  [sql.STATES.active]: "active",
  [sql.STATES.retired]: "retired",
  [sql.STATES.dropping]: "dropping",
};

/** Takes the part of a transaction that follows into a role and, where it is in one, a workspace. */
type Enter = (scope: Scope) => Promise<void>;

/** How far one drop has come in this process. Another may end it, and the generation come back and be dropped anew. */
interface Drop {
  readonly since: number;
  readonly cursor: readonly [workspaceId: string, memoryId: string, generation: number];
}

/** The rows of `embedding_generation` and `embedding_backlog`. */
export class SqlGenerationStore implements GenerationStore {
  readonly #session: Session;
  readonly #forced: boolean;
  readonly #sql: sql.GenerationStatements;
  readonly #backlog: BacklogStatements;
  readonly #drops = new Map<number, Drop>();

  constructor(session: Session, tenancy: Tenancy) {
    this.#session = session;
    this.#forced = tenancy.forced;
    this.#sql = sql.generationStatements(tenancy);
    this.#backlog = backlogStatements(tenancy);
  }

  async list(): Promise<readonly EmbeddingGeneration[]> {
    const rows = await this.#session.run(asWorker, sql.LIST, [], null);
    return rows.map(toGeneration);
  }

  async coverage(generation: number): Promise<GenerationCoverage> {
    const [state] = await this.#session.run(asOperator, sql.STATE, [generation], null);
    const values = [generation, state?.state === sql.STATES.active];
    const [row] = await this.#session.run(asWorker, sql.COVERAGE, values, null);
    const { memories, attached, failed, disabled } = row as Record<string, number> as Omit<
      GenerationCoverage,
      "missing"
    >;
    return { memories, attached, failed, disabled, missing: memories - attached - failed - disabled };
  }

  async ensure(model: string, dimensions: number): Promise<number> {
    const [row] = await this.#session.run(asOperator, sql.ENSURE, [model, dimensions], null);
    await this.#session.run(asOperator, sql.REVIVE, [row!.id as number], null);
    return row!.id as number;
  }

  startBuild(generation: number): Promise<boolean> {
    return this.#withoutWrites(async (tx, enter) => {
      await enter(asOperator);
      const [row] = await tx.query(sql.STATE, [generation]);
      if (row === undefined || row.state === sql.STATES.active || row.state === sql.STATES.dropping) {
        return false;
      }
      await tx.query(sql.RETIRE_OTHER_BUILD, [generation]);
      await tx.query(sql.START_BUILD, [generation]);
      await tx.query(sql.TRACK, [true]);
      return true;
    });
  }

  async scan(generation: number): Promise<boolean> {
    const [cursor] = await this.#session.run(asWorker, sql.SCAN_CURSOR, [generation], null);
    if (cursor === undefined || cursor.scanned === true) return true;
    const from = [cursor.scan_workspace_id as string, cursor.scan_memory_id as string];
    const rows = await this.#session.run(BY_INDEX_AS_WORKER, sql.SCAN, [generation, ...from, SCAN_ROWS], null);
    await this.#eachWorkspace(
      rows.filter((row) => row.lacking === true),
      this.#sql.note,
      generation,
    );
    const isEnd = rows.length < SCAN_ROWS;
    const last = rows.at(-1);
    const to = last === undefined ? from : [last.workspace_id as string, last.id as string];
    await this.#session.run(asOperator, sql.ADVANCE_SCAN, [generation, ...from, ...to, isEnd], null);
    return isEnd;
  }

  async backlog(generation: number, most: number): Promise<number> {
    return (await this.#session.run(BY_INDEX_AS_WORKER, sql.STILL_DUE, [generation, most], null)).length;
  }

  activate(generation: number, embed: EmbedMissing | null): Promise<boolean> {
    return this.#withoutWrites(async (tx, enter) => {
      await enter(asOperator);
      const [row] = await tx.query(sql.STATE, [generation]);
      if (row?.state === sql.STATES.active) return true;
      if (row?.state !== sql.STATES.building) {
        const problem = `generation ${generation} is not being built`;
        throw new DomainError("STATE_FORBIDS", problem, { generation: String(generation) });
      }
      if (embed !== null && !(row.scanned === true && (await this.#fill(tx, enter, generation, embed)))) {
        return false;
      }
      await enter(asOperator);
      await tx.query(sql.RETIRE_ACTIVE, []);
      await tx.query(sql.MAKE_ACTIVE, [generation]);
      await tx.query(sql.TRACK, [false]);
      return true;
    });
  }

  async startDrop(generation: number): Promise<boolean> {
    return this.#withoutWrites(async (tx, enter) => {
      await enter(asOperator);
      const [row] = await tx.query(sql.STATE, [generation]);
      const [dropping] = await tx.query(sql.START_DROP, [generation]);
      if (dropping !== undefined && row?.state === sql.STATES.building) {
        await tx.query(sql.TRACK, [false]);
      }
      return dropping !== undefined;
    });
  }

  async drop(generation: number): Promise<"waiting" | "more" | "gone"> {
    const [state] = await this.#session.run(asOperator, sql.MAY_DROP, [generation, GRACE_SECONDS], null);
    if (state === undefined || state.gone === true) return "gone";
    if (state.ready !== true) return "waiting";
    const since = (state.retire_time as Date).getTime();
    const begun = this.#drops.get(generation);
    const cursor = begun?.since === since ? begun.cursor : null;
    if (cursor === null) await this.#session.run(asOperator, sql.DROP_INDEX, [generation], null);
    const rows = await this.#session.run(asWorker, sql.TO_DROP, [...(cursor ?? [NIL, NIL, 0]), DROP_ROWS], null);
    await this.#eachWorkspace(
      rows.filter((row) => row.generation === generation),
      this.#sql.dropVectors,
      generation,
    );
    const last = rows.at(-1);
    if (last !== undefined) {
      const to = [last.workspace_id as string, last.id as string, last.generation as number] as const;
      this.#drops.set(generation, { since, cursor: to });
    }
    if (rows.length === DROP_ROWS || !(await this.forgetBacklog(generation))) return "more";
    this.#drops.delete(generation);
    await this.#session.run(asOperator, sql.DROPPED, [generation], null);
    return "gone";
  }

  async forgetBacklog(generation: number): Promise<boolean> {
    const rows = await this.#session.run(asWorker, sql.BACKLOG_TO_DROP, [generation, DROP_ROWS], null);
    await this.#eachWorkspace(rows, this.#sql.dropBacklog, generation);
    return rows.length < DROP_ROWS;
  }

  async #eachWorkspace(rows: readonly Row[], statement: Statement, generation: number): Promise<void> {
    for (const [workspaceId, own] of byWorkspace(rows)) {
      const values: Value[] = [workspaceId, generation, uuidArray(own.map((row) => row.id as string))];
      await this.#session.run(inWorkspace(workspaceId), statement, values, null);
    }
  }

  /** Embeds what is left while no write goes on; false: it is too much. */
  async #fill(tx: Transaction, enter: Enter, generation: number, embed: EmbedMissing): Promise<boolean> {
    await enter(asWorker);
    const due = await tx.query(sql.STILL_DUE, [generation, MOST_MISSING + 1]);
    if (due.length > MOST_MISSING) return false;
    const missing = [];
    for (const [workspaceId, rows] of byWorkspace(due)) {
      await enter(inWorkspace(workspaceId));
      const texts = await tx.query(this.#backlog.read, [workspaceId, uuidArray(rows.map((row) => row.id as string))]);
      missing.push(...texts.filter((row) => row.needless !== true).map((row) => toPending(workspaceId, row)));
    }
    const done = missing.length === 0 ? [] : await embed(missing);
    for (const [workspaceId, items] of Map.groupBy(done, (item) => item.workspaceId)) {
      await enter(inWorkspace(workspaceId));
      await tx.query(this.#backlog.complete, [workspaceId, ...keysOf(items), vectorTexts(items), generation]);
    }
    return done.length === missing.length;
  }

  /** False where the writes that run do not end in time. */
  async #withoutWrites(work: (tx: Transaction, enter: Enter) => Promise<boolean>): Promise<boolean> {
    try {
      return await this.#session.transaction(asApplication, null, async (tx) => {
        await tx.exec(SHUT_OUT_WRITES);
        return await work(tx, async (scope) => {
          const settings = beginSql(scope, this.#forced, 0).replace(/^begin;?/, "");
          if (settings !== "") await tx.exec(settings);
        });
      });
    } catch (error) {
      if (error instanceof DomainError && error.reason === "OVERLOADED") return false;
      throw error;
    }
  }
}

function toGeneration(row: Row): EmbeddingGeneration {
  return {
    id: row.id as number,
    model: row.model as string,
    dimensions: row.dimensions as number,
    state: STATE_NAMES[row.state as number]!,
    createTime: row.create_time as Date,
    activateTime: row.activate_time as Date | null,
    retireTime: row.retire_time as Date | null,
  };
}
