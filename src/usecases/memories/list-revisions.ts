import { accessOf } from "../../domain/access.ts";
import type { Caller } from "../../domain/caller.ts";
import type { Revision } from "../../domain/memory.ts";
import { memoryBytes } from "../../domain/memory-bytes.ts";
import { cutPage, type Page, pageSizeOf } from "../../domain/page.ts";
import type { MemoryStore } from "../../domain/ports/memory-store.ts";

export interface ListRevisionsInput {
  readonly id: string;
  readonly pageSize: number;
  readonly beforeRevision: number | null;
}

export async function listRevisions(
  deps: { readonly memories: MemoryStore },
  caller: Caller,
  input: ListRevisionsInput,
  signal: AbortSignal,
): Promise<Page<Revision>> {
  const size = pageSizeOf(input.pageSize);
  const { id, beforeRevision } = input;
  const rows = await deps.memories.listRevisions(accessOf(caller), id, beforeRevision, size + 1, signal);
  return cutPage(rows, size, (revision) => (revision.memory ? memoryBytes(revision.memory) : 0));
}
