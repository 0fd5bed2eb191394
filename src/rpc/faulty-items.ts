import { type ContextKey, createContextKey } from "@connectrpc/connect";
import type { DomainError } from "../domain/failure.ts";

/** Items of a batch that the contract forbids, by their places, where each of them fails alone. Set by validation. */
export const kFaultyItems: ContextKey<ReadonlyMap<number, DomainError>> = createContextKey(new Map());
