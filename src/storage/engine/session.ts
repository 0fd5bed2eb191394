import { APPLICATION_ROLE, OPERATOR_ROLE, WORKER_ROLE } from "./roles.ts";

/** A parameter: text in Postgres's input format, or the type's binary format as bytes. */
export type Value = string | number | boolean | null | Uint8Array;

export type Row = Record<string, unknown>;

/** SQL of a hot path; prepared under its name, once a connection. A null name: parsed anew each time. */
export interface Statement {
  readonly name: string | null;
  readonly text: string;
}

export interface Step {
  readonly statement: Statement;
  readonly values: readonly Value[];
}

/** As whom a transaction runs, and inside which workspace. Made by `inWorkspace`, `asApplication`, `asWorker`, `asOperator`. */
export interface Scope {
  readonly role: string;
  readonly workspaceId: string | null;
  /** Further settings of the transaction, such as `hnsw.ef_search`; names and values are trusted text without quotes. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** What a step of a pipeline came to; a failed one fails all that follow it, up to the next savepoint. */
export type StepResult = { readonly rows: readonly Row[]; readonly error: null } | { readonly error: unknown };

/** An open transaction. Its methods are called one after another; a failure leaves it fit for `exec("rollback to …")` alone. */
export interface Transaction {
  query(statement: Statement, values: readonly Value[]): Promise<readonly Row[]>;
  /** All steps in one round trip. */
  pipeline(steps: readonly Step[]): Promise<readonly StepResult[]>;
  /** Statements without parameters, such as `savepoint s`. */
  exec(sql: string): Promise<void>;
}

/**
 * The one way to the database. Rows come with: integers, int8 and floats as number, json as parsed, text[] and uuid[] as
 * arrays, timestamptz as Date, bytea as Uint8Array, the rest as text. Throws DomainError: OVERLOADED where no connection gets
 * free in time, STORAGE_UNAVAILABLE, DEADLINE_EXCEEDED at the statement timeout; the signal's own reason where it is aborted.
 * Other failures of SQL come as they are; `sqlState` reads them. Deadlocks and serialization failures are tried again.
 */
export interface Session {
  /** One statement as a transaction of its own, in one round trip. */
  run(
    scope: Scope,
    statement: Statement,
    values: readonly Value[],
    signal: AbortSignal | null,
  ): Promise<readonly Row[]>;
  /** Commits what `work` did, rolls back where it throws. `work` may be called again after a deadlock. */
  transaction<T>(scope: Scope, signal: AbortSignal | null, work: (tx: Transaction) => Promise<T>): Promise<T>;
}

const WORKSPACE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The application inside one workspace. */
export function inWorkspace(workspaceId: string, settings?: Readonly<Record<string, string>>): Scope {
  return settings ? { role: APPLICATION_ROLE, workspaceId, settings } : { role: APPLICATION_ROLE, workspaceId };
}

/** The application in no workspace: it can call `authenticate` and see nothing else. */
export const asApplication: Scope = { role: APPLICATION_ROLE, workspaceId: null };

/** Sees (workspace_id, id) of work that is due, in every workspace. */
export const asWorker: Scope = { role: WORKER_ROLE, workspaceId: null };

/** Control tables. */
export const asOperator: Scope = { role: OPERATOR_ROLE, workspaceId: null };

/** Where a suite takes row-level security away (`forced` false), transactions keep the role that the connection has. */
export function beginSql(scope: Scope, forced: boolean, statementTimeoutMs: number): string {
  let sql = "begin";
  if (forced) {
    sql += `;set local role ${scope.role}`;
  }
  if (scope.workspaceId !== null) {
    // The id is spliced into SQL, so its form is checked here, whoever checked it before.
    if (!WORKSPACE_ID.test(scope.workspaceId)) {
      throw new TypeError("workspace id is not a lower-case UUID");
    }
    sql += `;set local cairn.workspace='${scope.workspaceId}'`;
  }
  if (statementTimeoutMs > 0) {
    sql += `;set local statement_timeout=${statementTimeoutMs}`;
  }
  for (const [name, value] of Object.entries(scope.settings ?? {})) {
    sql += `;set local ${name}='${value}'`;
  }
  return sql;
}
