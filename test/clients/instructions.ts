import { setTimeout as sleep } from "node:timers/promises";
import type { Interceptor } from "@connectrpc/connect";
import { DomainError } from "../../src/domain/failure.ts";

const INSTRUCTION = /^scenario\.(delay|pace|refuse|lose)\.(\d+)\./;

/**
 * Makes the server misbehave as a call's `x-request-id` asks, so that a client of any language can be tested against it:
 * `scenario.delay.<ms>.…` waits first, `scenario.pace.<ms>.…` waits before each message of a stream, `scenario.refuse.<n>.…` fails the
 * first n calls of that id undone, `scenario.lose.<n>.…` does them and fails the answer.
 * Puts the ids of calls that have come, instructions all, into `begun`.
 */
export function instructions(begun: Set<string> = new Set()): Interceptor {
  const seen = new Map<string, number>();
  return (next) => async (req) => {
    const id = req.header.get("x-request-id") ?? "";
    const [, verb, value] = INSTRUCTION.exec(id) ?? [];
    const amount = Number(value);
    if (verb !== undefined) begun.add(id);
    if (verb === "delay") await sleep(amount, undefined, { signal: req.signal });
    if (verb === "pace") {
      const res = await next(req);
      return res.stream ? { ...res, message: paced(res.message, amount, req.signal) } : res;
    }
    const before = seen.get(id) ?? 0;
    const fails = (verb === "refuse" || verb === "lose") && before < amount;
    if (!fails) return next(req);
    seen.set(id, before + 1);
    if (verb === "lose") await next(req);
    throw new DomainError("STORAGE_UNAVAILABLE", "the database does not answer", { problem: verb });
  };
}

async function* paced<T>(messages: AsyncIterable<T>, ms: number, signal: AbortSignal): AsyncGenerator<T> {
  for await (const message of messages) {
    await sleep(ms, undefined, { signal });
    yield message;
  }
}
