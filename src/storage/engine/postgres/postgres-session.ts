import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { Pool, PoolClient, QueryResult } from "pg";
import { DomainError } from "../../../domain/failure.ts";
import { abortReason } from "../abort-reason.ts";
import { columnParser } from "../column-parser.ts";
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
import { sqlState, storageUnavailable, translateFailure } from "../sql-failure.ts";
import { noteWait } from "../waits.ts";
import { withRetry } from "../with-retry.ts";
import type { PostgresCanceller } from "./postgres-canceller.ts";

/** After so long a signal that found no statement to cancel is sent again. */
const CANCEL_AGAIN_MS = 50;
/** How long a cancelled statement may go on before its connection is given up. */
const GIVE_UP_MS = 5_000;
const TYPES = { getTypeParser: columnParser };

export interface PostgresSessionOptions {
  readonly pool: Pool;
  readonly poolSize: number;
  readonly poolWaitMs: number;
  readonly statementTimeoutMs: number;
  /** False: transactions keep the connection's role. For the isolation suite alone. */
  readonly forced: boolean;
  readonly canceller: PostgresCanceller;
}

type Callback = (error: Error | null, result: QueryResult<Row>) => void;

function submit(client: PoolClient, statement: Statement, values: readonly Value[], callback: Callback): void {
  const config = { text: statement.text, values: values as Value[], types: TYPES };
  client.query(statement.name === null ? config : { name: statement.name, ...config }, callback as never);
}

function streamOf(client: PoolClient): Duplex {
  // The driver's own types leave its connection out.
  return (client as unknown as { connection: { stream: Duplex } }).connection.stream;
}

/** What is sent within `send` leaves in one write: each write of its own wakes the server's process anew. */
function inOneWrite(client: PoolClient, send: () => void): void {
  const stream = streamOf(client);
  stream.cork();
  try {
    send();
  } finally {
    stream.uncork();
  }
}

/** Connections that are watched, and those whose socket failed while they were out of the pool. */
const watched = new WeakSet<PoolClient>();
const broken = new WeakSet<PoolClient>();

/** Sends a transaction on one pipelined connection of the ORM's pool. */
export class PostgresSession implements Session {
  readonly #options: PostgresSessionOptions;
  readonly #gate: Gate;
  #breakages = 0;

  constructor(options: PostgresSessionOptions) {
    this.#options = options;
    this.#gate = new Gate(options.poolSize, options.poolWaitMs);
    options.pool.on("acquire", (client) => {
      if (!watched.has(client)) {
        watched.add(client);
        client.on("error", () => {
          broken.add(client);
          this.#breakages++;
        });
      }
    });
  }

  run(
    scope: Scope,
    statement: Statement,
    values: readonly Value[],
    signal: AbortSignal | null,
  ): Promise<readonly Row[]> {
    return withRetry(() =>
      this.#withClient(signal, (client) => this.#runOnce(client, scope, statement, values, signal)),
    );
  }

  async transaction<T>(scope: Scope, signal: AbortSignal | null, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return withRetry(() => this.#withClient(signal, (client) => this.#transactionOnce(client, scope, signal, work)));
  }

  /** Runs work of the ORM, which takes its own connection from the pool, in this session's turn. */
  async inTurn<T>(signal: AbortSignal | null, work: () => Promise<T>): Promise<T> {
    if (signal?.aborted) {
      throw abortReason(signal);
    }
    await this.#gate.enter(signal);
    const breakages = this.#breakages;
    try {
      return await work();
    } catch (error) {
      const isNetwork = (error as NodeJS.ErrnoException).syscall !== undefined || this.#breakages > breakages;
      throw isNetwork && !(error instanceof DomainError) && sqlState(error) === null
        ? storageUnavailable(error)
        : translateFailure(error);
    } finally {
      this.#gate.leave();
    }
  }

  async #withClient<T>(signal: AbortSignal | null, work: (client: PoolClient) => Promise<T>): Promise<T> {
    if (signal?.aborted) {
      throw abortReason(signal);
    }
    const wait = this.#gate.enter(signal);
    if (wait !== null) {
      const asked = performance.now();
      await wait;
      noteWait(signal, performance.now() - asked);
    }
    try {
      const client = await this.#connect();
      try {
        return await work(client);
      } catch (error) {
        throw this.#explain(client, error, signal);
      } finally {
        client.release(broken.has(client));
      }
    } finally {
      this.#gate.leave();
    }
  }

  async #connect(): Promise<PoolClient> {
    try {
      return await this.#options.pool.connect();
    } catch (error) {
      throw sqlState(error) === null ? storageUnavailable(error) : translateFailure(error);
    }
  }

  #explain(client: PoolClient, error: unknown, signal: AbortSignal | null): unknown {
    if (signal?.aborted && (sqlState(error) !== null || broken.has(client))) {
      return abortReason(signal);
    }
    return broken.has(client) && sqlState(error) === null ? storageUnavailable(error) : error;
  }

  /** A process that stops in mid-transaction keeps no locks, and commits no change that readers take to be long visible. */
  get #idleLimit(): string {
    const { statementTimeoutMs } = this.#options;
    return statementTimeoutMs > 0 ? `;set local idle_in_transaction_session_timeout=${statementTimeoutMs}` : "";
  }

  #begin(scope: Scope): string {
    return beginSql(scope, this.#options.forced, this.#options.statementTimeoutMs);
  }

  #runOnce(
    client: PoolClient,
    scope: Scope,
    statement: Statement,
    values: readonly Value[],
    signal: AbortSignal | null,
  ): Promise<readonly Row[]> {
    const begin = this.#begin(scope);
    return new Promise((resolve, reject) => {
      let failure: unknown = null;
      let rows: readonly Row[] = [];
      const cancelling = this.#watch(client, signal);
      inOneWrite(client, () => {
        client.query(begin, ((error: Error | null) => {
          failure ??= error;
          cancelling?.begun();
        }) as never);
        submit(client, statement, values, (error, result) => {
          failure ??= error;
          rows = error ? rows : result.rows;
        });
        client.query("commit", ((error: Error | null) => {
          failure ??= error;
          const settle = (): void => (failure === null ? resolve(rows) : reject(failure));
          const pending = cancelling?.stop();
          pending ? pending.then(settle, settle) : settle();
        }) as never);
      });
    });
  }

  async #transactionOnce<T>(
    client: PoolClient,
    scope: Scope,
    signal: AbortSignal | null,
    work: (tx: Transaction) => Promise<T>,
  ): Promise<T> {
    const cancelling = this.#watch(client, signal);
    let beginFailure: unknown = null;
    client.query(this.#begin(scope) + this.#idleLimit, ((error: Error | null) => {
      beginFailure = error;
      cancelling?.begun();
    }) as never);
    try {
      const result = await work(new PipelinedTransaction(client, signal));
      if (beginFailure !== null) {
        throw beginFailure;
      }
      await client.query("commit");
      return result;
    } catch (error) {
      // The outcome is decided already; a connection that cannot roll back is broken and leaves the pool.
      await client.query("rollback").catch(() => broken.add(client));
      throw beginFailure ?? error;
    } finally {
      await cancelling?.stop();
    }
  }

  /**
   * Cancels what the connection runs when the signal aborts, but never before the transaction has begun: a cancelled `begin`
   * would let the statements behind it run outside of any transaction. `stop` waits for a cancellation that is under way. Where
   * nothing answers, the connection is given up, so that a silent network keeps none of the pool.
   */
  #watch(client: PoolClient, signal: AbortSignal | null): { begun(): void; stop(): Promise<void> | null } | null {
    if (signal === null) {
      return null;
    }
    let begun = false;
    const over = new AbortController();
    let cancelling: Promise<void> | null = null;
    let timer: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      timer ??= setTimeout(() => streamOf(client).destroy(), GIVE_UP_MS);
      cancelling ??= begun ? this.#cancel(client, over.signal) : null;
    };
    signal.addEventListener("abort", cancel, { once: true });
    return {
      begun: () => {
        begun = true;
        if (signal.aborted) {
          cancel();
        }
      },
      stop: () => {
        signal.removeEventListener("abort", cancel);
        clearTimeout(timer);
        over.abort();
        return cancelling;
      },
    };
  }

  /**
   * Until the statements are over: Postgres ignores a signal that comes between two of them. Where nobody knows what became of it,
   * the connection goes, lest it hit the next caller.
   */
  async #cancel(client: PoolClient, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      if (!(await this.#options.canceller.cancel(client))) {
        streamOf(client).destroy();
        broken.add(client);
        return;
      }
      await delay(CANCEL_AGAIN_MS, null, { signal: over }).catch(() => {});
    }
  }
}

class PipelinedTransaction implements Transaction {
  readonly #client: PoolClient;
  readonly #signal: AbortSignal | null;

  constructor(client: PoolClient, signal: AbortSignal | null) {
    this.#client = client;
    this.#signal = signal;
  }

  query(statement: Statement, values: readonly Value[]): Promise<readonly Row[]> {
    this.#checkSignal();
    return new Promise((resolve, reject) => {
      submit(this.#client, statement, values, (error, result) => (error ? reject(error) : resolve(result.rows)));
    });
  }

  pipeline(steps: readonly Step[]): Promise<readonly StepResult[]> {
    this.#checkSignal();
    return Promise.all(
      steps.map(
        (step) =>
          new Promise<StepResult>((resolve) => {
            submit(this.#client, step.statement, step.values, (error, result) =>
              resolve(error ? { error } : { rows: result.rows, error: null }),
            );
          }),
      ),
    );
  }

  async exec(sql: string): Promise<void> {
    await this.#client.query(sql);
  }

  #checkSignal(): void {
    if (this.#signal?.aborted) {
      throw abortReason(this.#signal);
    }
  }
}
