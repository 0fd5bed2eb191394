import type { PGlite } from "@electric-sql/pglite";

/**
 * Gives back the stack that a failed statement leaves behind: PGlite 0.5.8 catches the exception that Postgres's longjmp becomes
 * and does not restore WebAssembly's stack pointer, so that some 1,700 failures end in "stack depth limit exceeded" for good.
 */
export function restoreStackAfterCalls(pglite: PGlite): void {
  const pointer = (pglite.Module as unknown as { ___stack_pointer: WebAssembly.Global<"i32"> }).___stack_pointer;
  const execute = pglite.execProtocolRawSync.bind(pglite);
  pglite.execProtocolRawSync = (message) => {
    const before = pointer.value;
    try {
      return execute(message);
    } finally {
      pointer.value = before;
    }
  };
}
