import type {
  Row,
  Scope,
  Session,
  Statement,
  Step,
  StepResult,
  Transaction,
  Value,
} from "../../src/storage/engine/session.ts";
import { SqlFailure } from "../../src/storage/engine/sql-failure.ts";

/** How Postgres means to run one statement. */
export interface Plan {
  readonly statement: string;
  /** `generic`: the plan that a prepared statement keeps, made without its values. */
  readonly kind: "custom" | "generic";
  readonly text: string;
}

interface Queryable {
  query(statement: Statement, values: readonly Value[]): Promise<readonly Row[]>;
}

/**
 * Passes every statement on, and before that asks how it would run: in the same transaction, so in the same role, under the same
 * policies and settings. Prepared statements are asked twice, as Postgres may keep a plan made without values.
 */
export class ExplainingSession implements Session {
  readonly plans: Plan[] = [];
  /** Passes statements on and asks nothing. */
  silent = false;
  readonly #session: Session;
  readonly #analyzed: boolean;

  /** `analyzed`: statements are run for their plan, made with values, which then says how many rows each node came by. */
  constructor(session: Session, analyzed = false) {
    this.#session = session;
    this.#analyzed = analyzed;
  }

  run(
    scope: Scope,
    statement: Statement,
    values: readonly Value[],
    signal: AbortSignal | null,
  ): Promise<readonly Row[]> {
    if (this.silent) return this.#session.run(scope, statement, values, signal);
    return this.transaction(scope, signal, (tx) => tx.query(statement, values));
  }

  transaction<T>(scope: Scope, signal: AbortSignal | null, work: (tx: Transaction) => Promise<T>): Promise<T> {
    const mode = scope.settings?.plan_cache_mode;
    return this.#session.transaction(scope, signal, (tx) => {
      const query = async (statement: Statement, values: readonly Value[]): Promise<readonly Row[]> => {
        if (!this.silent) await this.#explain(tx, statement, values, mode);
        return tx.query(statement, values);
      };
      return work({ query, pipeline: (steps) => oneByOne(query, steps), exec: (sql) => tx.exec(sql) });
    });
  }

  async #explain(
    tx: Queryable,
    statement: Statement,
    values: readonly Value[],
    mode: string | undefined,
  ): Promise<void> {
    const record = async (kind: Plan["kind"], options: string, given: readonly Value[]): Promise<void> => {
      const rows = await tx.query({ name: null, text: `explain (costs off${options}) ${statement.text}` }, given);
      const text = rows.map((row) => row["QUERY PLAN"]).join("\n");
      this.plans.push({ statement: statement.name ?? "unnamed", kind, text });
    };
    if (this.#analyzed) return record("custom", ", analyze, timing off, summary off", values);
    if (mode !== "force_generic_plan") await record("custom", "", values);
    // Inside EXPLAIN of a generic plan placeholders need no values; without any there is nothing to be generic about.
    const mayKeep = mode === "force_generic_plan" || (statement.name !== null && mode !== "force_custom_plan");
    if (mayKeep && values.length > 0) await record("generic", ", generic_plan", []);
  }
}

async function oneByOne(query: Queryable["query"], steps: readonly Step[]): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  for (const { statement, values } of steps) {
    try {
      results.push({ rows: await query(statement, values), error: null });
    } catch (error) {
      if (!(error instanceof SqlFailure) && !(error instanceof Error)) throw error;
      results.push({ error });
    }
  }
  return results;
}
