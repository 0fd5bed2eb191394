import { arrayLiteral } from "../engine/array-literal.ts";
import { asApplication, type Row, type Session } from "../engine/session.ts";

/** Statements at one time. More than one, so that a single connection that has fallen silent does not lock everybody out. */
const STATEMENTS = 4;
const DIGESTS_A_STATEMENT = 100;

const LOOK_UP = {
  name: "authenticate",
  text: `select encode(d.digest, 'hex') as digest, a.*
    from unnest($1::text[]) as t(hex) cross join lateral decode(t.hex, 'hex') as d(digest) cross join lateral authenticate(d.digest) as a`,
};

interface Waiter {
  readonly hex: string;
  resolve(row: Row | null): void;
  reject(error: unknown): void;
}

/**
 * Finds keys by their digests. Those that are asked for while its statements run wait and share the next: whoever tries keys by the
 * thousand costs the database four connections at most, and keeps nobody waiting for longer than a statement or two.
 */
export class KeyLookup {
  readonly #session: Session;
  readonly #waiting: Waiter[] = [];
  #running = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  find(digest: Uint8Array): Promise<Row | null> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ hex: Buffer.from(digest).toString("hex"), resolve, reject });
      this.#next();
    });
  }

  async #next(): Promise<void> {
    if (this.#running === STATEMENTS || this.#waiting.length === 0) {
      return;
    }
    const waiters = this.#waiting.splice(0, DIGESTS_A_STATEMENT);
    this.#running++;
    try {
      const literal = arrayLiteral(waiters.map(({ hex }) => hex));
      const rows = await this.#session.run(asApplication, LOOK_UP, [literal], null);
      const found = new Map(rows.map((row) => [row.digest as string, row]));
      for (const waiter of waiters) {
        waiter.resolve(found.get(waiter.hex) ?? null);
      }
    } catch (error) {
      for (const waiter of waiters) {
        waiter.reject(error);
      }
    }
    this.#running--;
    this.#next();
  }
}
