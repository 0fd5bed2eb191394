import type { Memory } from "./memory.ts";

export type SearchMode = "hybrid" | "semantic" | "lexical";

/** Signals of one result; null: the signal did not take part. */
export interface Signals {
  readonly lexical: number | null;
  readonly cosine: number | null;
  readonly lateInteraction: number | null;
}

/** One row that a leg of a search brought up. */
export interface Candidate {
  readonly id: string;
  /** Cosine similarity to the query; null where the memory has no vector of the searched generation. */
  readonly cosine: number | null;
  /** The query's lexemes that the text has; empty where it has none. */
  readonly lexemes: readonly string[];
  /** The searched text, capped: title, content and metadata's leaves. For rerankers. */
  readonly text: string;
}

export interface Candidates {
  readonly candidates: readonly Candidate[];
  /** All lexemes of the query, so that coverage has a denominator. */
  readonly queryLexemes: readonly string[];
  /** A leg left out rows that may match because its bound was reached. */
  readonly truncated: boolean;
  readonly readTime: Date;
}

export interface RankedResult {
  readonly rank: number;
  readonly score: number;
  readonly signals: Signals;
  readonly memory: Memory;
}

export interface SearchSummary {
  readonly count: number;
  readonly truncated: boolean;
  readonly degraded: boolean;
  readonly skipped: number;
  readonly generation: string;
  readonly embedMs: number;
  readonly candidatesMs: number;
  readonly rankMs: number;
  readonly fetchMs: number;
  readonly readTime: Date;
}
