import type { PGlite } from "@electric-sql/pglite";
import { abortReason } from "../abort-reason.ts";
import { Gate } from "../gate.ts";
import {
  beginSql,
  type Row,
  type Scope,
  type Session,
  type Statement,
  type Step,
  type StepResult,
  type Transaction,
  type Value,
} from "../session.ts";
import { translateFailure } from "../sql-failure.ts";
import { noteWait } from "../waits.ts";
import { withRetry } from "../with-retry.ts";
import type { FreeSpace } from "./free-space.ts";
import type { PgliteEnd } from "./pglite-end.ts";
import { PgliteWire } from "./pglite-wire.ts";

export interface PgliteSessionOptions {
  readonly pglite: PGlite;
  readonly end: PgliteEnd;
  /** Of the data folder; null: in memory. */
  readonly space: FreeSpace | null;
  readonly waitMs: number;
  /** False: transactions keep the connection's role. For the isolation suite alone. */
  readonly forced: boolean;
}

/** One transaction after another on the one connection. A statement cannot be interrupted; signals count between statements. */
export class PgliteSession implements Session {
  readonly #pglite: PGlite;
  readonly #wire: PgliteWire;
  readonly #gate: Gate;
  readonly #forced: boolean;
  readonly #end: PgliteEnd;
  readonly #space: FreeSpace | null;
  /** What the disk lacks, as the engine was told last: it takes no writes meanwhile. */
  #shortage: string | null = null;
  #calls = 0;

  constructor(options: PgliteSessionOptions) {
    this.#pglite = options.pglite;
    this.#wire = new PgliteWire(options.pglite, options.end);
    this.#end = options.end;
    this.#space = options.space;
    this.#gate = new Gate(1, options.waitMs);
    this.#forced = options.forced;
  }

  /** Transactions so far, so that maintenance knows whether there is anything to do. */
  get calls(): number {
    return this.#calls;
  }

  /** Returns when the transaction that runs has ended; those that wait or come later fail with STORAGE_UNAVAILABLE. */
  close(): Promise<void> {
    return this.#gate.close();
  }

  /** Whether there is room for a checkpoint, or for a vacuum as well. */
  get room(): "none" | "checkpoint" | "vacuum" {
    if (this.#space?.isCritical() ?? false) return "none";
    return this.#space?.shortage() ? "checkpoint" : "vacuum";
  }

  /** VACUUM or CHECKPOINT, which no transaction may hold. */
  async maintain(sql: string): Promise<void> {
    this.#end.check();
    await this.#pglite._runExclusiveTransaction(async () => this.#exec(sql));
  }

  run(
    scope: Scope,
    statement: Statement,
    values: readonly Value[],
    signal: AbortSignal | null,
  ): Promise<readonly Row[]> {
    const begin = beginSql(scope, this.#forced, 0);
    return this.#exclusively(signal, async () => {
      const [begun, result, committed] = this.#wire.send([begin, { statement, values }, "commit"]);
      const failure = begun!.error ?? result!.error ?? committed!.error;
      if (failure !== null) {
        throw failure;
      }
      return (result as { rows: readonly Row[] }).rows;
    });
  }

  transaction<T>(scope: Scope, signal: AbortSignal | null, work: (tx: Transaction) => Promise<T>): Promise<T> {
    const begin = beginSql(scope, this.#forced, 0);
    return this.#exclusively(signal, async () => {
      try {
        this.#exec(begin);
        const result = await work(this.#open(signal));
        this.#exec("commit");
        return result;
      } catch (error) {
        this.#exec("rollback");
        throw error;
      }
    });
  }

  /** Runs work of the ORM, which locks the connection itself, in this session's turn. */
  async inTurn<T>(signal: AbortSignal | null, work: () => Promise<T>): Promise<T> {
    try {
      return await this.#takeTurn(signal, work);
    } catch (error) {
      throw translateFailure(error, this.#shortage);
    }
  }

  #exclusively<T>(signal: AbortSignal | null, work: () => Promise<T>): Promise<T> {
    return withRetry(
      () => {
        const asked = performance.now();
        return this.#takeTurn(signal, () =>
          this.#pglite._runExclusiveTransaction(() => {
            noteWait(signal, performance.now() - asked);
            return work();
          }),
        );
      },
      () => this.#shortage ?? this.#space?.shortageNow() ?? null,
    );
  }

  async #takeTurn<T>(signal: AbortSignal | null, work: () => Promise<T>): Promise<T> {
    if (signal?.aborted) {
      throw abortReason(signal);
    }
    const wait = this.#gate.enter(signal);
    if (wait !== null) {
      await wait;
    }
    this.#calls++;
    try {
      this.#end.check();
      this.#heedSpace();
      const result = await work();
      // The ORM's way to the engine does not notice.
      this.#end.check();
      return result;
    } finally {
      this.#gate.leave();
    }
  }

  /** Reads go on where the disk is full; a write would fail, or end the engine. */
  #heedSpace(): void {
    const shortage = this.#space?.shortage() ?? null;
    if ((shortage === null) !== (this.#shortage === null)) {
      this.#exec(`set default_transaction_read_only = ${shortage === null ? "off" : "on"}`);
    }
    this.#shortage = shortage;
  }

  #exec(sql: string): void {
    const [result] = this.#wire.send([sql]);
    if (result!.error !== null) {
      throw result!.error;
    }
  }

  #open(signal: AbortSignal | null): Transaction {
    const checked = (steps: readonly Step[]): readonly StepResult[] => {
      if (signal?.aborted) {
        throw abortReason(signal);
      }
      return this.#wire.send(steps);
    };
    return {
      query: async (statement, values) => {
        const [result] = checked([{ statement, values }]);
        if (result!.error !== null) {
          throw result!.error;
        }
        return (result as { rows: readonly Row[] }).rows;
      },
      pipeline: async (steps) => checked(steps),
      exec: async (sql) => this.#exec(sql),
    };
  }
}
