import type { Caller } from "../domain/caller.ts";
import { DomainError, invalidField } from "../domain/failure.ts";
import type { MemoryBody, MemorySubject } from "../domain/memory.ts";
import { checkMetadata } from "../domain/metadata.ts";
import type { Clock } from "../domain/ports/clock.ts";
import type { IdSource } from "../domain/ports/id-source.ts";
import type { MemoryStore, RequestKey, WriteAnswer, WriteItem, WriteMode } from "../domain/ports/memory-store.ts";
import { searchedText } from "../domain/searched-text.ts";
import type { EmbedForWrite } from "./embed-for-write.ts";
import { mutationOf } from "./mutation.ts";
import { ownerOf } from "./owner.ts";

export interface WriteMemoriesDeps {
  readonly memories: MemoryStore;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly embedForWrite: EmbedForWrite;
  /** Told after a write whose vector is still to come. */
  readonly onPending: () => void;
}

export interface WriteInput extends MemorySubject, MemoryBody {
  readonly mode: WriteMode;
  readonly expectedRevision: number | null;
}

export interface WriteMemoriesInput {
  readonly writes: readonly WriteInput[];
  /** Path of a write's memory, for errors: `memory`, or `writes[3].memory` where the item's error is the call's. */
  readonly pathOf: (index: number) => string;
  readonly atomic: boolean;
  readonly request: RequestKey | null;
}

/** Writes one memory or many, in order, as one delta. Not atomic: an item that breaks a rule fails alone. */
export async function writeMemories(
  deps: WriteMemoriesDeps,
  caller: Caller,
  input: WriteMemoriesInput,
  signal: AbortSignal,
): Promise<WriteAnswer> {
  const checked = input.writes.map((write, index) =>
    checkWrite(deps, caller, write, input.pathOf(index), input.atomic),
  );
  const sound = checked.filter((write): write is WriteInput => !(write instanceof DomainError));
  const embeddings = await deps.embedForWrite(sound.map(searchedText), signal);
  const items: WriteItem[] = sound.map((write, index) => ({
    ...write,
    id: deps.ids.next(),
    language: caller.language,
    embedding: embeddings[index]!,
  }));
  const mutation = mutationOf(deps.ids, caller, input.request, signal);
  const answer = await deps.memories.write(mutation, items, input.atomic);
  if (items.some((item) => item.embedding === "pending")) {
    deps.onPending();
  }
  return { ...answer, results: interleave(checked, answer.results) };
}

function checkWrite(
  deps: WriteMemoriesDeps,
  caller: Caller,
  write: WriteInput,
  path: string,
  atomic: boolean,
): WriteInput | DomainError {
  try {
    refuseUnsound(write, path, deps.clock.now());
    return { ...write, agentId: ownerOf(caller, write.agentId) };
  } catch (error) {
    if (error instanceof DomainError && !atomic) {
      return error;
    }
    throw error;
  }
}

function refuseUnsound(write: WriteInput, path: string, now: number): void {
  if (write.kind === "") {
    throw invalidField(`${path}.kind`, "is required");
  }
  if (write.content.trim() === "") {
    throw invalidField(`${path}.content`, "is required and must not be blank");
  }
  checkMetadata(`${path}.metadata`, write.metadata);
  if (write.expireTime !== null && write.expireTime.getTime() <= now) {
    const field = `${path}.expire_time`;
    throw new DomainError("EXPIRE_TIME_PAST", `${field}: must be in the future`, { field });
  }
  if (write.key === null && (write.mode !== "upsert" || write.expectedRevision !== null)) {
    const needs = write.mode === "upsert" ? "expected_revision" : `mode ${write.mode.toUpperCase()}`;
    throw invalidField(`${path}.key`, `is required with ${needs}`);
  }
}

/** Puts the refused items back among the answers of the others. */
function interleave(
  checked: readonly (WriteInput | DomainError)[],
  results: WriteAnswer["results"],
): WriteAnswer["results"] {
  let next = 0;
  return checked.map((write) => (write instanceof DomainError ? write : results[next++]!));
}
