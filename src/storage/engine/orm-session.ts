import type { MikroORM, SqlEntityManager } from "@mikro-orm/sql";
import type { Scope } from "./session.ts";

interface Turns {
  inTurn<T>(signal: AbortSignal | null, work: () => Promise<T>): Promise<T>;
}

/** Transactions of the ORM, for cold paths. Inside of one, only the entity manager that it hands over may be used. */
export class OrmSession {
  readonly #orm: MikroORM;
  readonly #turns: Turns;
  readonly #forced: boolean;

  constructor(orm: MikroORM, turns: Turns, forced: boolean) {
    this.#orm = orm;
    this.#turns = turns;
    this.#forced = forced;
  }

  /** For the making of repositories; what they find with it themselves knows no tenant. */
  get em(): SqlEntityManager {
    return this.#orm.em as SqlEntityManager;
  }

  transaction<T>(
    scope: Scope,
    work: (em: SqlEntityManager) => Promise<T>,
    signal: AbortSignal | null = null,
  ): Promise<T> {
    const settings: string[] = this.#forced ? [`set_config('role', '${scope.role}', true)`] : [];
    if (scope.workspaceId !== null) {
      settings.push(`set_config('cairn.workspace', '${scope.workspaceId}', true)`);
    }
    return this.#turns.inTurn(signal, () =>
      (this.#orm.em.fork() as SqlEntityManager).transactional(async (em) => {
        if (settings.length > 0) {
          await em.execute(`select ${settings.join(", ")}`);
        }
        return work(em as SqlEntityManager);
      }),
    );
  }
}
