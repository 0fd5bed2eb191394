import type { MemoryFilter } from "../memory.ts";
import type { Candidates } from "../search.ts";
import type { Access } from "./memory-store.ts";

export interface SearchCommand {
  /** Null: no lexical leg. */
  readonly text: string | null;
  /** Text search configuration that the query's words are read with. */
  readonly language: string;
  /** Null: no vector leg. */
  readonly vector: { readonly generation: number; readonly values: Float32Array } | null;
  readonly filter: MemoryFilter;
  /** Candidates a leg at most. */
  readonly perLeg: number;
  /** Candidates carry their text. Default false: it is empty, which saves reading and sending it. */
  readonly withTexts?: boolean;
}

export interface SearchStore {
  /**
   * The union of both legs' best live candidates that the reader may see, in one statement. Every candidate carries its cosine
   * where it has a vector, whichever leg brought it. An aborted signal cancels the statement (PGlite: before it starts).
   */
  candidates(access: Access, command: SearchCommand, signal: AbortSignal): Promise<Candidates>;
}
