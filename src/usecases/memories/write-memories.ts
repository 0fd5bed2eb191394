import type { Caller } from "../../domain/caller.ts";
import { atRoot, DomainError, invalidField } from "../../domain/failure.ts";
import type { MemoryBody, MemorySubject } from "../../domain/memory.ts";
import { checkMetadata } from "../../domain/metadata.ts";
import type { Clock } from "../../domain/ports/clock.ts";
import type { IdSource } from "../../domain/ports/id-source.ts";
import type { MemoryStore, RequestKey, WriteAnswer, WriteItem, WriteMode } from "../../domain/ports/memory-store.ts";
import { searchedText } from "../../domain/searched-text.ts";
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
  /** In place of an item that is invalid already, and fails alone: why. */
  readonly writes: readonly (WriteInput | DomainError)[];
  /** Path of a write's memory, for errors: `memory`, or `writes[3].memory` where the item's error is the call's. */
  readonly pathOf: (index: number) => string;
  readonly atomic: boolean;
  readonly request: RequestKey | null;
}

/**
 * Writes one memory or many, in order, as one delta. Not atomic: an item that breaks a rule fails alone. What is invalid at any
 * time fails here; what the clock or the caller forbids is for the store to say, once it knows that the call is no repetition.
 */
export async function writeMemories(
  deps: WriteMemoriesDeps,
  caller: Caller,
  input: WriteMemoriesInput,
  signal: AbortSignal,
): Promise<WriteAnswer> {
  const now = deps.clock.now();
  const checked = input.writes.map((write, index) =>
    write instanceof DomainError ? write : checkWrite(caller, write, input.pathOf(index), input.atomic, now),
  );
  const valid = checked.filter((write): write is WriteInput => !(write instanceof DomainError));
  const embeddings = await deps.embedForWrite(valid.map(searchedText), signal);
  let next = 0;
  const items = checked.map((write): WriteItem | DomainError =>
    write instanceof DomainError
      ? write
      : { ...write, id: deps.ids.next(), language: caller.language, embedding: embeddings[next++]! },
  );
  const mutation = mutationOf(deps.ids, caller, input.request, signal);
  const answer = await deps.memories.write(mutation, items, input.atomic).catch((error) => {
    if (!(error instanceof DomainError)) throw error;
    // The store knows the items alone, and not where they stand in the request.
    throw atRoot(error, "memory", input.pathOf(Number(error.metadata.item ?? 0)));
  });
  if (items.some((item) => !(item instanceof DomainError) && item.embedding === "pending")) {
    deps.onPending();
  }
  return answer;
}

function checkWrite(
  caller: Caller,
  write: WriteInput,
  path: string,
  atomic: boolean,
  now: number,
): WriteInput | DomainError {
  try {
    refuseInvalid(write, path);
  } catch (error) {
    if (atomic) {
      throw error;
    }
    return asFailure(error);
  }
  try {
    refusePast(write, path, now);
    return { ...write, agentId: ownerOf(caller, write.agentId) };
  } catch (error) {
    return asFailure(error);
  }
}

function asFailure(error: unknown): DomainError {
  if (error instanceof DomainError) {
    return error;
  }
  throw error;
}

/** What the message alone decides. */
function refuseInvalid(write: WriteInput, path: string): void {
  if (write.kind === "") {
    throw invalidField(`${path}.kind`, "is required");
  }
  if (write.content.trim() === "") {
    throw invalidField(`${path}.content`, "is required and must not be blank");
  }
  checkMetadata(`${path}.metadata`, write.metadata);
  if (write.key === null && (write.mode !== "upsert" || write.expectedRevision !== null)) {
    const needs = write.mode === "upsert" ? "expected_revision" : `mode ${write.mode.toUpperCase()}`;
    throw invalidField(`${path}.key`, `is required with ${needs}`);
  }
}

function refusePast(write: WriteInput, path: string, now: number): void {
  if (write.expireTime !== null && write.expireTime.getTime() <= now) {
    const field = `${path}.expire_time`;
    throw new DomainError("EXPIRE_TIME_PAST", `${field}: must be in the future`, { field });
  }
}
