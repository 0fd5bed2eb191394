import type { Memory } from "./memory.ts";
import type { SearchSummary } from "./search.ts";

/** In which order memories stand in a context. */
export type ContextOrder = "source" | "time" | "relevance";

/** How a context names its memories: by id, or by their place in it. */
export type ContextReference = "id" | "number";

/** A memory that a context holds. */
export interface PackedMemory {
  readonly memory: Memory;
  /** Its place in the search, from 1. */
  readonly rank: number;
  readonly score: number;
  /** What stands of its content; the whole of it, unless `cut`. */
  readonly content: string;
  readonly cut: boolean;
  /** What its own lines cost, headings aside. */
  readonly tokens: number;
  /** Memories that say nearly the same and are not repeated. */
  readonly duplicateIds: readonly string[];
}

/** Memories in a text that is ready for a prompt. */
export interface Context {
  readonly text: string;
  /** What the text as a whole costs, by the counter that was asked for. */
  readonly tokenCount: number;
  readonly exact: boolean;
  /** In the order of the text. */
  readonly memories: readonly PackedMemory[];
  /** Found and not packed, as the budget was spent; best first. */
  readonly omittedIds: readonly string[];
  readonly summary: SearchSummary;
}
