import type { EmbeddingGeneration, GenerationCoverage } from "../embedding-generation.ts";
import type { CompletedEmbedding, PendingEmbedding } from "./embedding-queue.ts";

/** Embeds what a generation lacks at the moment of its activation. May throw: then the generation stays as it is. */
export type EmbedMissing = (missing: readonly PendingEmbedding[]) => Promise<readonly CompletedEmbedding[]>;

/** The generations that there are, and what makes one the active one. The rows are the truth for all processes. */
export interface GenerationStore {
  /** All that are not dropped, oldest first. */
  list(): Promise<readonly EmbeddingGeneration[]>;
  /** Counts over every workspace: for people, not for loops. */
  coverage(generation: number): Promise<GenerationCoverage>;
  /** The generation of this model and dimension, made with its index where it is new. A database's first is active at once. */
  ensure(model: string, dimensions: number): Promise<number>;
  /**
   * From here on each write is noted for the generation. Another one that was being built is retired. Waits for the writes that
   * run; false: they took too long, or the generation is active or being dropped.
   */
  startBuild(generation: number): Promise<boolean>;
  /** Notes what one bounded piece of the memories lacks; goes on where an earlier call, or process, left off. True: all is noted. */
  scan(generation: number): Promise<boolean>;
  /** How much is noted and still to come, counted up to `most`. */
  backlog(generation: number, most: number): Promise<number>;
  /**
   * Makes a generation that is being built the active one, in one transaction that no write falls into: what the last writes
   * left missing, at most 256 texts, is embedded within it. False, and nothing changed: more is missing, or writes did not
   * stop in time. Null for `embed`: what is missing becomes pending afterwards. Throws STATE_FORBIDS where it is not being built.
   */
  activate(generation: number, embed: EmbedMissing | null): Promise<boolean>;
  /** Erases one bounded piece of the notes on a generation that is not being built any more; true: none is left. */
  forgetBacklog(generation: number): Promise<boolean>;
  /** Marks a generation that is not active for erasure; false: it is active or gone. */
  startDrop(generation: number): Promise<boolean>;
  /**
   * Erases one bounded piece of a generation that is being dropped. `waiting`: it was in use a moment ago, and another process
   * may not have noticed yet.
   */
  drop(generation: number): Promise<"waiting" | "more" | "gone">;
}
