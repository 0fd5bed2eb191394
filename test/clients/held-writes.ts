import type { Interceptor } from "@connectrpc/connect";
import pg from "pg";

const INSTRUCTION = /^scenario\.hold\.(\d+)\./;
const LONGEST_MS = 15_000;

/**
 * Lets no write that has a request_id commit from the first call of an `x-request-id` of the form `scenario.hold.<n>.…` on, until n calls of
 * that id have failed, or fifteen seconds have passed. So one of two equal writes at once is still running when the other one comes.
 */
export function heldWrites(databaseUrl: string): Interceptor {
  const holds = new Map<string, Promise<Hold>>();
  return (next) => async (req) => {
    const id = req.header.get("x-request-id") ?? "";
    const [, times] = INSTRUCTION.exec(id) ?? [];
    if (times === undefined) return next(req);
    const known = holds.get(id) ?? begin(databaseUrl, Number(times));
    holds.set(id, known);
    const hold = await known;
    try {
      return await next(req);
    } catch (error) {
      await hold.failed();
      throw error;
    }
  };
}

interface Hold {
  /** Counts a call that has failed. */
  failed(): Promise<void>;
}

/** Locks the table that such a write fills last, after it has said that it runs. */
async function begin(url: string, times: number): Promise<Hold> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("begin");
  await client.query("lock table request_record in share mode");
  let left = times;
  let ended: Promise<void> | undefined;
  const end = () => {
    clearTimeout(timer);
    ended ??= client.end();
    return ended;
  };
  const timer = setTimeout(end, LONGEST_MS);
  return { failed: async () => (--left === 0 ? end() : undefined) };
}
