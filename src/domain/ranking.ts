import type { Candidate, Candidates, SearchMode, Signals } from "./search.ts";

/** What a search asks of its results. Floors are inclusive; null: none. */
export interface RankingRules {
  readonly mode: SearchMode;
  readonly minScore: number | null;
  /** A candidate without a vector counts as 0. */
  readonly minSimilarity: number | null;
  /** Lets candidates that share a lexeme with the query pass minSimilarity. */
  readonly lexicalPassesSimilarity: boolean;
}

export interface RankedCandidate {
  readonly id: string;
  readonly score: number;
  readonly signals: Signals;
}

const LEXICAL_WEIGHT = 0.5;

/**
 * Orders candidates best first: by score, then by the density of the query's words, then newest first, so that equal input
 * gives equal output. HYBRID scores 0.5 · coverage + cosine, SEMANTIC the cosine, LEXICAL the coverage; a candidate without
 * the signal that its mode needs is no result.
 */
export function rank(found: Candidates, rules: RankingRules): readonly RankedCandidate[] {
  const query = new Set(found.queryLexemes);
  return found.candidates
    .map((candidate) => ({ candidate, ...scoreOf(candidate, query, rules.mode) }))
    .filter(({ candidate, score, signals }) => passes(candidate, score, signals, rules))
    .sort(
      (a, b) =>
        b.score - a.score || b.candidate.textRank - a.candidate.textRank || byIdDescending(a.candidate, b.candidate),
    )
    .map(({ candidate, score, signals }) => ({ id: candidate.id, score, signals }));
}

/** True where the floors may have cut candidates while better ones were left outside a full pool. */
export function floorsMayHideMore(rules: RankingRules): boolean {
  // Each leg is complete down to its own worst row, so a floor on the signal that orders the leg hides nothing.
  if (rules.mode === "hybrid") return rules.minScore !== null;
  return rules.mode === "lexical" && rules.minSimilarity !== null && !rules.lexicalPassesSimilarity;
}

function scoreOf(
  candidate: Candidate,
  query: ReadonlySet<string>,
  mode: SearchMode,
): { score: number; signals: Signals } {
  const lexical = mode === "semantic" || query.size === 0 ? null : coverage(candidate, query);
  const cosine = mode === "lexical" ? null : candidate.cosine;
  const score = mode === "lexical" ? (lexical ?? 0) : (cosine ?? 0) + LEXICAL_WEIGHT * (lexical ?? 0);
  return { score, signals: { lexical, cosine, lateInteraction: null } };
}

function coverage(candidate: Candidate, query: ReadonlySet<string>): number {
  return new Set(candidate.lexemes.filter((lexeme) => query.has(lexeme))).size / query.size;
}

function passes(candidate: Candidate, score: number, signals: Signals, rules: RankingRules): boolean {
  const sharesWord = candidate.lexemes.length > 0;
  if (rules.mode === "semantic" && signals.cosine === null) return false;
  if (rules.mode === "lexical" && !sharesWord) return false;
  if (rules.minScore !== null && score < rules.minScore) return false;
  if (rules.minSimilarity === null || (rules.lexicalPassesSimilarity && sharesWord)) return true;
  return (candidate.cosine ?? 0) >= rules.minSimilarity;
}

function byIdDescending(a: Candidate, b: Candidate): number {
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}
