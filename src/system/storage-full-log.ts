import type { Logger } from "pino";
import { DomainError } from "../domain/failure.ts";
import type { CallLog, CallRecord } from "../rpc/call-log.ts";

const REASON = "STORAGE_FULL";

/** Logs one line when writes begin to fail for want of room, with where and what, and one when a write succeeds again: not one a call. */
export class StorageFullLog implements CallLog {
  readonly #log: Logger;
  readonly #where: string;
  readonly #changes: (method: string) => boolean;
  #isFull = false;

  /** `changes` tells the methods that write. */
  constructor(log: Logger, where: string, changes: (method: string) => boolean) {
    this.#log = log;
    this.#where = where;
    this.#changes = changes;
  }

  finished({ reason, code, method, trouble }: CallRecord): void {
    if (reason === REASON) {
      this.#begin(trouble);
    } else if (this.#isFull && code === "ok" && this.#changes(method)) {
      this.#isFull = false;
      this.#log.info({ where: this.#where }, "the database takes writes again");
    }
  }

  /** True where background work failed for the same reason, of which no more is to be logged. */
  takes(error: unknown): boolean {
    if (!(error instanceof DomainError) || error.reason !== REASON) return false;
    this.#begin(error.cause ?? error);
    return true;
  }

  #begin(trouble: unknown): void {
    if (this.#isFull) return;
    this.#isFull = true;
    this.#log.error(
      { where: this.#where, err: trouble },
      "the database takes no writes: they answer STORAGE_FULL until there is room; reads go on",
    );
  }
}
