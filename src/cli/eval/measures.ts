/** Where the evidence of one question came in the results: ranks from 1; null: not among them. One a piece of evidence. */
export type EvidenceRanks = readonly (number | null)[];

export const RECALL_DEPTHS = [1, 5, 10, 20] as const;
const NDCG_DEPTH = 10;

/** Means over questions, each 0 to 1. */
export interface Measures {
  readonly questions: number;
  /** By depth: the share of a question's evidence among the first so many results. */
  readonly recall: Readonly<Record<(typeof RECALL_DEPTHS)[number], number>>;
  /** 1 / rank of the first evidence; 0 where none was found. */
  readonly mrr: number;
  /** Discounted cumulative gain of the first ten results, each piece of evidence worth 1, over the best there could be. */
  readonly ndcg10: number;
}

export function measure(asked: readonly EvidenceRanks[]): Measures {
  const recallAt = (depth: number) => mean(asked.map((ranks) => within(ranks, depth).length / ranks.length));
  return {
    questions: asked.length,
    recall: { 1: recallAt(1), 5: recallAt(5), 10: recallAt(10), 20: recallAt(20) },
    mrr: mean(asked.map((ranks) => 1 / Math.min(...found(ranks), Number.POSITIVE_INFINITY))),
    ndcg10: mean(asked.map(ndcg)),
  };
}

function ndcg(ranks: EvidenceRanks): number {
  const gain = within(ranks, NDCG_DEPTH).reduce((sum, rank) => sum + discount(rank), 0);
  let best = 0;
  for (let rank = 1; rank <= Math.min(ranks.length, NDCG_DEPTH); rank++) best += discount(rank);
  return gain / best;
}

function discount(rank: number): number {
  return 1 / Math.log2(rank + 1);
}

function within(ranks: EvidenceRanks, depth: number): readonly number[] {
  return found(ranks).filter((rank) => rank <= depth);
}

function found(ranks: EvidenceRanks): readonly number[] {
  return ranks.filter((rank) => rank !== null);
}

/** 0 of nothing. */
function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
