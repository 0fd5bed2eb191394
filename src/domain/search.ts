import type { Memory } from "./memory.ts";

export type SearchMode = "hybrid" | "semantic" | "lexical";

/** Signals of one result, as SearchSignals of the contract says; null: the signal did not take part. */
export interface Signals {
  readonly lexical: number | null;
  readonly cosine: number | null;
  readonly lateInteraction: number | null;
  readonly exact: number | null;
  readonly previous: number | null;
  readonly participant: number | null;
  readonly question: number | null;
  readonly source: number | null;
  readonly recency: number | null;
  readonly confidence: number | null;
}

/** A lexeme of the query. */
export interface QueryWord {
  readonly lexeme: string;
  /** The query's word that it is the lexeme of, as it stands there. */
  readonly word: string;
  /** It only joins words that count for themselves, as `follow-up` does. */
  readonly compound: boolean;
}

/** A lexeme that some memory has, spelt like one of the query's that none has. */
export interface SimilarLexeme {
  readonly lexeme: string;
  /** The query's. */
  readonly like: string;
  /** 0 to 1: equal. */
  readonly similarity: number;
}

/** One row that a retriever of a search brought up. */
export interface Candidate {
  readonly id: string;
  /** Cosine similarity to the query; null where the memory has no vector of the searched generation. */
  readonly cosine: number | null;
  /** The query's lexemes, identifiers and similar lexemes that the text has; empty where it has none. */
  readonly lexemes: readonly string[];
  /** How densely the text has them (`ts_rank`): tells apart what covers equally much. 0: it has none. */
  readonly textRank: number;
  /** The searched text, capped: title, content and metadata's leaves. For rerankers. */
  readonly text: string;
  readonly subjectType: string;
  readonly subjectId: string | null;
  /** Equal where session, thread or other source, owner and volume are the same; null: it has no source. */
  readonly source: string | null;
  /** Its content ends in a question mark. */
  readonly asks: boolean;
  readonly confidence: number;
  readonly updateTime: Date;
  /** `lexemes` of the memory before it of the same source; null: there is none that the reader may see, or nobody asked. */
  readonly previousLexemes: readonly string[] | null;
}

export interface Candidates {
  readonly candidates: readonly Candidate[];
  /** All lexemes of the query, so that coverage has a denominator. */
  readonly words: readonly QueryWord[];
  /** What in the query must be found letter by letter, lower-cased: `inv-20931`. */
  readonly identifiers: readonly string[];
  /** A retriever gave up within its bound before it had `perRetriever` rows, although more may match. */
  readonly truncated: boolean;
  readonly readTime: Date;
}

export interface RankedResult {
  readonly rank: number;
  readonly score: number;
  readonly signals: Signals;
  readonly memory: Memory;
  /** Ids of what was left out because this result says nearly the same, best first. */
  readonly duplicateIds: readonly string[];
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
  /** For a connection; part of candidatesMs and fetchMs. */
  readonly waitMs: number;
  readonly readTime: Date;
}
