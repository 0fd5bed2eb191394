import type { MemoryFilter } from "../memory.ts";
import type { Candidates, SimilarLexeme } from "../search.ts";
import type { Access } from "./memory-store.ts";

export interface SearchCommand {
  /** Null: no lexical retriever. */
  readonly text: string | null;
  /** Workspace's language, which the query's words are read in. */
  readonly language: string;
  /** Null: no vector retriever. */
  readonly vector: { readonly generation: number; readonly values: Float32Array } | null;
  readonly filter: MemoryFilter;
  /** Candidates a retriever at most. */
  readonly perRetriever: number;
  /** Words that every candidate has side by side, whichever retriever brought it. Default: none. */
  readonly phrases?: readonly string[];
  /** Words, or words side by side, that no candidate has. Default: none. */
  readonly excluded?: readonly string[];
  /** Lexemes that are looked for beside those of `text`. Default: none. */
  readonly similar?: readonly string[];
  /** Candidates carry their text. Default false: it is empty, which saves reading and sending it. */
  readonly withTexts?: boolean;
  /**
   * Candidates carry the lexemes of the memory before them, and what follows the best of them is a candidate too, where it fits
   * the filter and there are no phrases. Default false.
   */
  readonly withNeighbours?: boolean;
}

export interface SearchStore {
  /** Milliseconds that all calls with this signal have waited for a connection so far, or for their turn on the embedded engine. */
  waitedMs(signal: AbortSignal): number;
  /**
   * The union of both retrievers' best live candidates that the reader may see, in one statement. Every candidate carries its cosine
   * where it has a vector, whichever retriever brought it. An aborted signal cancels the statement (PGlite: before it starts).
   */
  candidates(access: Access, command: SearchCommand, signal: AbortSignal): Promise<Candidates>;
  /**
   * Lexemes of live memories that the reader may see, that share a fifth of their trigrams with the wanted one, the best 20 of
   * each, among those that begin in one of the ways given. None that is equal, and none with a digit.
   */
  similarLexemes(
    access: Access,
    wanted: readonly { readonly lexeme: string; readonly beginnings: readonly string[] }[],
    signal: AbortSignal,
  ): Promise<readonly SimilarLexeme[]>;
}
