import type { Candidate } from "../search.ts";

/**
 * Answers the best score among the other candidates of the same source: a conversation in which one memory fits well is likely to hold the
 * rest of the answer. Null: it has no source, or is the only candidate of it.
 */
export function bestOfSource(
  candidates: readonly Pick<Candidate, "source">[],
  scores: readonly number[],
): (candidate: Pick<Candidate, "source">, index: number) => number | null {
  const best = new Map<string, { at: number; score: number; second: number | null }>();
  candidates.forEach(({ source }, at) => {
    if (source === null) return;
    const score = scores[at]!;
    const known = best.get(source);
    if (known === undefined) best.set(source, { at, score, second: null });
    else if (score > known.score) best.set(source, { at, score, second: known.score });
    else if (known.second === null || score > known.second) known.second = score;
  });
  return ({ source }, index) => {
    const known = source === null ? undefined : best.get(source);
    if (known === undefined) return null;
    return known.at === index ? known.second : known.score;
  };
}
