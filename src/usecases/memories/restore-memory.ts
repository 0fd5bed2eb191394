import type { Caller } from "../../domain/caller.ts";
import type { IdSource } from "../../domain/ports/id-source.ts";
import type { MemoryStore, RequestKey, SingleAnswer } from "../../domain/ports/memory-store.ts";
import { mutationOf } from "./mutation.ts";

export interface RestoreMemoryInput {
  readonly id: string;
  readonly expectedRevision: number | null;
  readonly request: RequestKey | null;
}

export async function restoreMemory(
  deps: { readonly memories: MemoryStore; readonly ids: IdSource },
  caller: Caller,
  input: RestoreMemoryInput,
  signal: AbortSignal,
): Promise<SingleAnswer> {
  const mutation = mutationOf(deps.ids, caller, input.request, signal);
  return await deps.memories.restore(mutation, input.id, input.expectedRevision);
}
