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
  /** How densely the text has them (`ts_rank`): tells apart what covers equally much. 0: it has none. */
  readonly textRank: number;
  /** The searched text, capped: title, content and metadata's leaves. For rerankers. */
  readonly text: string;
}

export interface Candidates {
  readonly candidates: readonly Candidate[];
  /** All lexemes of the query, so that coverage has a denominator. */
  readonly queryLexemes: readonly string[];
  /** A leg gave up within its bound before it had `perLeg` rows, although more may match. */
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
