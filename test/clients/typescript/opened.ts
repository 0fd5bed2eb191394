import { afterEach, expect } from "vitest";
import { Cairn, CairnError, type CairnOptions } from "../../../gen/ts/dist/index.js";

/** What closes what a test opened, in the order in which it is run after that test. */
export const opened: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

/** For what comes at once, but on a busy machine. */
export const PATIENCE = { timeout: 20_000 };

/** A client that is closed before the servers are. */
export function connect(options: CairnOptions): Cairn {
  const cairn = new Cairn(options);
  opened.unshift(async () => cairn.close());
  return cairn;
}

/** What a call failed with; it must be a CairnError. */
export async function failureOf(call: Promise<unknown>): Promise<CairnError> {
  const failure = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(failure).toBeInstanceOf(CairnError);
  return failure as CairnError;
}
