import type { Change, EmbeddingStatus, Outcome, Visibility } from "../../domain/memory.ts";

/** Small integers in the tables and what they stand for; a code never changes its meaning. */
export const VISIBILITY = { private: 1, shared: 2 } as const satisfies Record<Visibility, number>;

export const EMBEDDING_STATUS = {
  attached: 1,
  pending: 2,
  failed: 3,
  disabled: 4,
} as const satisfies Record<EmbeddingStatus, number>;

/** memory.last_outcome. */
export const OUTCOME = { created: 1, updated: 2, unchanged: 3, revived: 4 } as const satisfies Partial<
  Record<Outcome, number>
>;

/** memory_revision.change. */
export const CHANGE = {
  created: 1,
  updated: 2,
  revived: 3,
  deleted: 4,
  restored: 5,
  reverted: 6,
  purged: 7,
} as const satisfies Record<Change, number>;

/** The name of each code. */
export function namesOf<Name extends string>(codes: Readonly<Record<Name, number>>): Readonly<Record<number, Name>> {
  return Object.fromEntries(Object.entries<number>(codes).map(([name, code]) => [code, name as Name]));
}

export const OUTCOMES = namesOf(OUTCOME);
export const CHANGES = namesOf(CHANGE);
