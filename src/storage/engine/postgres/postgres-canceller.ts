import type { Duplex } from "node:stream";
import { Client, type ClientConfig, type PoolClient } from "pg";

/** How long a cancellation, or the goodbye at the end, may take where the configuration says nothing. */
const ANSWER_WITHIN_MS = 4_000;

/**
 * Cancels what another connection runs, over a connection of its own that opens with the first cancellation, so that it works
 * while the whole pool is busy.
 */
export class PostgresCanceller {
  readonly #config: ClientConfig;
  readonly #answerWithinMs: number;
  #connecting: Promise<Client> | null = null;

  constructor(config: ClientConfig, answerWithinMs = ANSWER_WITHIN_MS) {
    this.#config = { ...config, query_timeout: answerWithinMs, pipeline: true };
    this.#answerWithinMs = answerWithinMs;
  }

  /**
   * Resolves once Postgres has sent the signal, or cannot be reached. False: the signal may come later, so that the target must
   * serve no other caller, whose statement it would cancel.
   */
  async cancel(target: PoolClient): Promise<boolean> {
    const pid = (target as unknown as { processID: number | null }).processID;
    const connecting = this.#connect();
    const client = await connecting.catch(() => null);
    if (client === null) {
      this.#forget(connecting);
      return true;
    }
    try {
      await client.query("select pg_cancel_backend($1)", [pid]);
      return true;
    } catch {
      this.#forget(connecting);
      destroy(client);
      return false;
    }
  }

  /** Closes the connection, politely where the other side still answers. */
  async close(): Promise<void> {
    const connecting = this.#connecting;
    this.#connecting = null;
    const client = await connecting?.catch(() => null);
    if (client) {
      const cut = setTimeout(() => destroy(client), this.#answerWithinMs);
      await client.end();
      clearTimeout(cut);
    }
  }

  #connect(): Promise<Client> {
    this.#connecting ??= this.#open();
    return this.#connecting;
  }

  #open(): Promise<Client> {
    const client = new Client(this.#config);
    const connecting = client.connect().then(
      () => client,
      (error) => {
        destroy(client);
        throw error;
      },
    );
    client.on("error", () => {
      this.#forget(connecting);
      destroy(client);
    });
    return connecting;
  }

  /** The next cancellation opens another connection; one that was opened since is left alone. */
  #forget(connecting: Promise<Client>): void {
    if (this.#connecting === connecting) {
      this.#connecting = null;
    }
  }
}

/** At once: a polite end would wait for an answer that may never come. */
function destroy(client: Client): void {
  // The driver's own types leave its connection out.
  (client as unknown as { connection: { stream: Duplex } }).connection.stream.destroy();
}
