import { Client, type ClientConfig, type PoolClient } from "pg";

const ANSWER_WITHIN_MS = 4_000;

/**
 * Cancels what another connection runs, over a connection of its own that opens with the first cancellation, so that it works
 * while the whole pool is busy.
 */
export class PostgresCanceller {
  readonly #config: ClientConfig;
  #client: Promise<Client> | null = null;

  constructor(config: ClientConfig) {
    this.#config = { ...config, query_timeout: ANSWER_WITHIN_MS };
  }

  /** Resolves once Postgres has sent the signal; a database that is gone has nothing left to cancel. */
  async cancel(target: PoolClient): Promise<void> {
    const pid = (target as unknown as { processID: number | null }).processID;
    try {
      const client = await this.#connect();
      await client.query("select pg_cancel_backend($1)", [pid]);
    } catch {
      this.#client = null;
    }
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => null);
    this.#client = null;
    await client?.end();
  }

  #connect(): Promise<Client> {
    this.#client ??= this.#open();
    return this.#client;
  }

  async #open(): Promise<Client> {
    const client = new Client(this.#config);
    client.on("error", () => {
      this.#client = null;
    });
    await client.connect();
    return client;
  }
}
