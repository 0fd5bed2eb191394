import { Code } from "@connectrpc/connect";
import { CairnError, type ErrorReasonName } from "../../../gen/ts/dist/index.js";

/** Fails the step, saying what was expected and what came, unless both are the same by their JSON. */
export function expectEqual(what: string, got: unknown, wanted: unknown): void {
  const [came, expected] = [show(got), show(wanted)];
  if (came !== expected) throw new Error(`${what}: expected ${expected.slice(0, 200)}, got ${came.slice(0, 200)}`);
}

export function expectTrue(what: string, holds: boolean): void {
  if (!holds) throw new Error(`${what} does not hold`);
}

/** What a failure has to be. */
export interface Failure {
  readonly code: Code;
  readonly reason?: ErrorReasonName;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Fails the step unless the call fails in this way. */
export async function expectFailure(what: string, call: Promise<unknown>, wanted: Failure): Promise<void> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CairnError)) throw new Error(`${what}: expected a CairnError, got ${String(error)}`);
  expectEqual(what, [Code[error.code], error.reason], [Code[wanted.code], wanted.reason ?? error.reason]);
  for (const [name, value] of Object.entries(wanted.metadata ?? {})) {
    expectEqual(`${what}: metadata ${name}`, error.reasonMetadata[name], value);
  }
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? String(inner) : inner)) ?? "undefined";
}
