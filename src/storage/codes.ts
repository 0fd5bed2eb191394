import type { Change, EmbeddingStatus, Outcome, Visibility } from "../domain/memory.ts";

/** Small integers in the tables and what they stand for; a code never changes its meaning. */
export const VISIBILITIES: Readonly<Record<number, Visibility>> = { 1: "private", 2: "shared" };
export const VISIBILITY_CODES: Readonly<Record<Visibility, number>> = { private: 1, shared: 2 };

export const EMBEDDING_STATUSES: Readonly<Record<number, EmbeddingStatus>> = {
  1: "attached",
  2: "pending",
  3: "failed",
  4: "disabled",
};

/** memory.last_outcome. */
export const OUTCOMES: Readonly<Record<number, Outcome>> = { 1: "created", 2: "updated", 3: "unchanged", 4: "revived" };

/** memory_revision.change. */
export const CHANGES: Readonly<Record<number, Change>> = {
  1: "created",
  2: "updated",
  3: "revived",
  4: "deleted",
  5: "restored",
  6: "reverted",
  7: "purged",
};
