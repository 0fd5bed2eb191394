import { accessOf } from "../../domain/access.ts";
import type { Caller } from "../../domain/caller.ts";
import type { Memory } from "../../domain/memory.ts";
import { memoryNotFound } from "../../domain/memory-not-found.ts";
import type { MemoryStore, Visible } from "../../domain/ports/memory-store.ts";

export async function getMemory(
  deps: { readonly memories: MemoryStore },
  caller: Caller,
  input: Visible & { readonly id: string },
  signal: AbortSignal,
): Promise<Memory> {
  const memory = await deps.memories.get(accessOf(caller), input.id, input, signal);
  if (memory === null) {
    throw memoryNotFound(input.id);
  }
  return memory;
}
