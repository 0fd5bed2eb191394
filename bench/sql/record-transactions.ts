import {
  beginSql,
  type Scope,
  type Session,
  type Statement,
  type Transaction,
  type Value,
} from "../../src/storage/engine/session.ts";

export interface RecordedStatement extends Statement {
  readonly values: readonly Value[];
}

/** One transaction as the storage module sent it, so that bare `pg` can send the same. */
export interface RecordedTransaction {
  readonly begin: string;
  readonly statements: readonly RecordedStatement[];
}

const STATEMENT_TIMEOUT_MS = 30_000;

/** Listens in on a session of the storage module from now on; `take` answers what it sent since the last time. */
export function recordTransactions(session: Session): { take(): readonly RecordedTransaction[] } {
  let taken: RecordedTransaction[] = [];
  const run = session.run.bind(session);
  const transaction = session.transaction.bind(session);
  session.run = (scope, statement, values, signal) => {
    taken.push({ begin: beginOf(scope), statements: [{ ...statement, values }] });
    return run(scope, statement, values, signal);
  };
  session.transaction = (scope, signal, work) =>
    transaction(scope, signal, (tx) => {
      const statements: RecordedStatement[] = [];
      taken.push({ begin: beginOf(scope), statements });
      return work(recording(tx, statements));
    });
  return {
    take: () => {
      const recorded = taken;
      taken = [];
      return recorded;
    },
  };
}

function beginOf(scope: Scope): string {
  return beginSql(scope, true, STATEMENT_TIMEOUT_MS);
}

function recording(tx: Transaction, statements: RecordedStatement[]): Transaction {
  return {
    query: (statement, values) => {
      statements.push({ ...statement, values });
      return tx.query(statement, values);
    },
    pipeline: (steps) => {
      statements.push(...steps.map(({ statement, values }) => ({ ...statement, values })));
      return tx.pipeline(steps);
    },
    exec: (sql) => {
      statements.push({ name: null, text: sql, values: [] });
      return tx.exec(sql);
    },
  };
}
