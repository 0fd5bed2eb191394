import type { Caller } from "../../domain/caller.ts";
import type { IdSource } from "../../domain/ports/id-source.ts";
import type { MemoryStore } from "../../domain/ports/memory-store.ts";
import { mutationOf } from "./mutation.ts";

export async function purgeMemory(
  deps: { readonly memories: MemoryStore; readonly ids: IdSource },
  caller: Caller,
  input: { readonly id: string; readonly expectedRevision: number | null },
  signal: AbortSignal,
): Promise<void> {
  const mutation = mutationOf(deps.ids, caller, null, signal);
  await deps.memories.purge(mutation, input.id, input.expectedRevision);
}
