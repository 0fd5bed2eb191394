import type { Caller } from "../../domain/caller.ts";
import { DomainError, invalidField } from "../../domain/failure.ts";
import { checkMetadata } from "../../domain/metadata.ts";
import type { Clock } from "../../domain/ports/clock.ts";
import type { IdSource } from "../../domain/ports/id-source.ts";
import type { MemoryPatch, MemoryStore, RequestKey, SingleAnswer } from "../../domain/ports/memory-store.ts";
import { mutationOf } from "./mutation.ts";

export interface UpdateMemoryDeps {
  readonly memories: MemoryStore;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly onPending: () => void;
}

export interface UpdateMemoryInput {
  readonly id: string;
  readonly patch: MemoryPatch;
  readonly expectedRevision: number | null;
  readonly request: RequestKey | null;
}

/** Changes the fields of the patch and no others; a past expire_time expires the memory now. */
export async function updateMemory(
  deps: UpdateMemoryDeps,
  caller: Caller,
  input: UpdateMemoryInput,
  signal: AbortSignal,
): Promise<SingleAnswer> {
  const { id, expectedRevision } = input;
  const patch = validPatch(input.patch, deps.clock.now());
  const mutation = mutationOf(deps.ids, caller, input.request, signal);
  const answer = await deps.memories.update(mutation, { id, patch, expectedRevision });
  if (answer.memory.embeddingStatus === "pending") {
    deps.onPending();
  }
  return answer;
}

function validPatch(patch: MemoryPatch, now: number): MemoryPatch {
  if (Object.keys(patch).length === 0) {
    throw new DomainError("UPDATE_MASK_EMPTY", "update_mask: names no field", { field: "update_mask" });
  }
  if (patch.content !== undefined && patch.content.trim() === "") {
    throw invalidField("memory.content", "must not be blank");
  }
  if (patch.kind === "") {
    throw invalidField("memory.kind", "must not be empty");
  }
  if (patch.metadata) {
    checkMetadata("memory.metadata", patch.metadata);
  }
  const past = patch.expireTime && patch.expireTime.getTime() < now;
  return past ? { ...patch, expireTime: new Date(now) } : patch;
}
