import { setTimeout as sleep } from "node:timers/promises";
import { administer } from "../app/fresh-database.ts";
import type { TestServer } from "./test-server.ts";

const SETTLE_MS = 20_000;
const POLL_MS = 50;
const MOST_GROWTH_BYTES = 8 << 20;

/** What a language has left behind on the server. */
export class Aftermath {
  readonly #server: TestServer;
  #heapBefore = Number.NaN;
  #grown = Number.NaN;

  /** Node has to run with --expose-gc. */
  constructor(server: TestServer) {
    this.#server = server;
  }

  /** Weighs the heap before the storm, when the server has met everything that the client does. */
  weigh(): void {
    this.#heapBefore = liveHeap();
  }

  /** Bytes by which the heap had grown when it was weighed last. */
  get grown(): number {
    return this.#grown;
  }

  /**
   * What is wrong: open streams, running queries, open transactions, growth. Waits twenty seconds for what is just ending, and for
   * what it held to be collected.
   */
  async faults(): Promise<readonly string[]> {
    const until = Date.now() + SETTLE_MS;
    for (;;) {
      const busy = await this.#busy();
      const found = busy.length === 0 ? this.#growth() : busy;
      if (found.length === 0 || Date.now() > until) return found;
      await sleep(POLL_MS);
    }
  }

  async #busy(): Promise<readonly string[]> {
    const { cleartext } = this.#server;
    const metrics = await (await fetch(`${cleartext.url}/metrics`)).text();
    const streams = Number(/^cairn_streams_running (\d+)/m.exec(metrics)?.[1] ?? Number.NaN);
    const open = await administer(cleartext.database.url as string, async (client) => {
      const { rows } = await client.query<{ state: string; query: string }>(
        `select state, left(query, 60) as query from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`,
      );
      return rows.map((row) => `${row.state}: ${row.query}`);
    });
    return [...(streams === 0 ? [] : [`${streams} streams are open`]), ...open];
  }

  #growth(): readonly string[] {
    this.#grown = liveHeap() - this.#heapBefore;
    if (Number.isNaN(this.#grown)) return ["the heap was not weighed, as the runs did not come to their end"];
    return this.#grown <= MOST_GROWTH_BYTES ? [] : [`the heap grew by ${(this.#grown / 1e6).toFixed(1)} MB`];
  }
}

function liveHeap(): number {
  if (global.gc === undefined) throw new Error("run node with --expose-gc");
  global.gc();
  return process.memoryUsage().heapUsed;
}
