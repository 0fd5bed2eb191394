import { Client } from "pg";
import { columnParser } from "../../src/storage/engine/column-parser.ts";
import type { RecordedTransaction } from "../sql/record-transactions.ts";
import { serveJobs } from "./worker.ts";

/** The transactions that the server's storage sends, sent by bare `pg`: prepared, and pipelined from begin to commit. */
export interface SqlJob {
  readonly databaseUrl: string;
  /** Run in turn from `from` on, over and over. */
  readonly transactions: readonly RecordedTransaction[];
  readonly from: number;
  readonly count: number | null;
  readonly seconds: number | null;
  /** One transaction at a time each. */
  readonly connections: number;
}

export interface SqlResult {
  readonly calls: number;
  readonly seconds: number;
  /** Milliseconds. */
  readonly latencies: Float64Array;
}

const TYPES = { getTypeParser: columnParser };

serveJobs<SqlJob, SqlResult>(async (job) => {
  const clients = await Promise.all(Array.from({ length: job.connections }, () => open(job.databaseUrl)));
  const latencies: number[] = [];
  const began = performance.now();
  const deadline = job.seconds === null ? Number.POSITIVE_INFINITY : began + job.seconds * 1000;
  let next = 0;
  const caller = async (client: Client) => {
    while (next < (job.count ?? Number.POSITIVE_INFINITY) && performance.now() < deadline) {
      const at = job.from + next++;
      const started = performance.now();
      await transact(client, job.transactions[at % job.transactions.length] as RecordedTransaction);
      latencies.push(performance.now() - started);
    }
  };
  try {
    await Promise.all(clients.map(caller));
    const seconds = (performance.now() - began) / 1000;
    return { calls: latencies.length, seconds, latencies: Float64Array.from(latencies) };
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
});

async function open(connectionString: string): Promise<Client> {
  // `pipeline` is newer than the types of the driver.
  const client = new Client({ connectionString, pipeline: true } as ConstructorParameters<typeof Client>[0]);
  await client.connect();
  return client;
}

function transact(client: Client, { begin, statements }: RecordedTransaction): Promise<unknown> {
  return Promise.all([
    client.query(begin),
    ...statements.map(({ name, text, values }) =>
      client.query({ ...(name === null ? {} : { name }), text, values: values as unknown[], types: TYPES }),
    ),
    client.query("commit"),
  ]);
}
