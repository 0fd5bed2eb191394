import { DomainError } from "../../domain/failure.ts";
import type { Mutation, WriteItem } from "../../domain/ports/memory-store.ts";
import type { Step, Transaction } from "../engine/session.ts";
import { type ItemResult, type ItemWriter, resultOf, rowsOf, volumeNotFound, writeFailure } from "./item-write.ts";
import { lockTuples } from "./tuple-locks.ts";

const SAVEPOINT: Step = { statement: { name: "item_savepoint", text: "savepoint item" }, values: [] };
const RELEASE: Step = { statement: { name: "item_release", text: "release savepoint item" }, values: [] };

/** Writes all of the items in one pipeline, or throws the failure of the first that fails. */
export async function writeAll(
  writer: ItemWriter,
  tx: Transaction,
  mutation: Mutation,
  items: readonly WriteItem[],
): Promise<ItemResult[]> {
  items.forEach((item, i) => {
    if (item.volumeId !== null) {
      throw ofItem(volumeNotFound(item.volumeId), i, items.length);
    }
  });
  const steps = items.map((item) => writer.steps(mutation, item));
  const locks = lockTuples(mutation.access.workspaceId, items);
  const answers = await tx.pipeline([...locks, ...steps.flat()]);
  let next = locks.length;
  rowsOf(answers.slice(0, next));
  return items.map((item, i) => {
    const own = answers.slice(next, next + steps[i]!.length);
    next += own.length;
    const result = resultOf(mutation, item, own);
    if (result instanceof DomainError) {
      throw ofItem(result, i, items.length);
    }
    return result;
  });
}

/** Each between savepoints, all in one pipeline, which goes on behind an item whose SQL fails. */
export async function writeEach(
  writer: ItemWriter,
  tx: Transaction,
  mutation: Mutation,
  items: readonly WriteItem[],
): Promise<ItemResult[]> {
  const results: ItemResult[] = [];
  rowsOf(await tx.pipeline(lockTuples(mutation.access.workspaceId, items)));
  while (results.length < items.length) {
    const rest = items.slice(results.length);
    const steps = rest.map((item) =>
      item.volumeId === null ? [SAVEPOINT, ...writer.steps(mutation, item), RELEASE] : [],
    );
    const answers = await tx.pipeline(steps.flat());
    let next = 0;
    for (const [i, item] of rest.entries()) {
      const own = answers.slice(next, next + steps[i]!.length);
      next += own.length;
      if (item.volumeId !== null) {
        results.push(volumeNotFound(item.volumeId));
        continue;
      }
      const failed = own.find((answer) => answer.error !== null);
      if (failed === undefined) {
        results.push(resultOf(mutation, item, own.slice(1, -1)));
        continue;
      }
      const failure = writeFailure(failed.error);
      if (!(failure instanceof DomainError) || failure.reason !== "INVALID_FIELD") {
        throw failed.error;
      }
      await tx.exec("rollback to savepoint item");
      results.push(failure);
      break;
    }
  }
  return results;
}

function ofItem(error: DomainError, item: number, count: number): DomainError {
  return count === 1
    ? error
    : new DomainError(error.reason, error.message, { ...error.metadata, item: String(item) }, error);
}
