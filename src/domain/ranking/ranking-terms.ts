/** Weights of a score's optional terms; 0: off. What each is stands in the contract, at SearchRanking. */
export interface RankingTerms {
  readonly previous: number;
  readonly participant: number;
  readonly source: number;
  /** Taken off. */
  readonly question: number;
  readonly recency: number;
  readonly recencyHalfLifeMs: number;
  readonly confidence: number;
}

/** The terms of conversations act on memories alone that have a source or a subject, where they were measured to help. */
export const DEFAULT_TERMS: RankingTerms = {
  previous: 0.4,
  participant: 0.3,
  source: 0.3,
  question: 0.15,
  recency: 0,
  recencyHalfLifeMs: 30 * 24 * 3600 * 1000,
  confidence: 0,
};
