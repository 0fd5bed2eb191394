import { accessOf } from "../../domain/access.ts";
import type { Caller } from "../../domain/caller.ts";
import type { Memory, MemoryFilter } from "../../domain/memory.ts";
import { memoryBytes } from "../../domain/memory-bytes.ts";
import { checkMetadata } from "../../domain/metadata.ts";
import { cutPage, type Page, pageSizeOf } from "../../domain/page.ts";
import type { MemoryStore, Visible } from "../../domain/ports/memory-store.ts";

export interface ListMemoriesInput extends Visible {
  readonly filter: MemoryFilter;
  readonly pageSize: number;
  /** Lists what is older than this id; null: from the newest. */
  readonly beforeId: string | null;
}

const MAX_FILTER_BYTES = 4096;

export async function listMemories(
  deps: { readonly memories: MemoryStore },
  caller: Caller,
  input: ListMemoriesInput,
  signal: AbortSignal,
): Promise<Page<Memory>> {
  if (input.filter.metadata) {
    checkMetadata("filter.metadata", input.filter.metadata, MAX_FILTER_BYTES);
  }
  const size = pageSizeOf(input.pageSize);
  const rows = await deps.memories.list(accessOf(caller), { ...input, limit: size + 1 }, signal);
  return cutPage(rows, size, memoryBytes);
}
