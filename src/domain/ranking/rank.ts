import type { TokenModel } from "../ports/token-model.ts";
import type { Candidate, Candidates, SearchMode, Signals, SimilarLexeme } from "../search.ts";
import { runsOf, type Slices } from "../slices.ts";
import { bestOfSource } from "./best-of-source.ts";
import { coverageOf } from "./coverage.ts";
import { exactnessOf } from "./exactness.ts";
import { participantsOf } from "./participants.ts";
import type { RankingTerms } from "./ranking-terms.ts";
import { rarityAmong } from "./rarity.ts";
import { recencyOf } from "./recency.ts";

/** What a search asks of its results. Floors are inclusive; null: none. */
export interface RankingRules {
  readonly mode: SearchMode;
  readonly minScore: number | null;
  /** A candidate without a vector counts as 0. */
  readonly minSimilarity: number | null;
  /** Lets candidates that share a lexeme with the query pass minSimilarity. */
  readonly lexicalPassesSimilarity: boolean;
}

/** What is known of the query beside its candidates. */
export interface RankedQuery {
  /** As it is looked for, without signs of syntax. */
  readonly text: string;
  readonly similar: readonly SimilarLexeme[];
  /** Late interaction takes part where there is a model. */
  readonly rerank: boolean;
  readonly terms: RankingTerms;
  /** Null: each word weighs the same, and there is no late interaction. */
  readonly tokens: TokenModel | null;
}

export interface RankedCandidate {
  readonly id: string;
  readonly score: number;
  readonly signals: Signals;
  readonly text: string;
}

const LEXICAL_WEIGHT = 0.4;

/**
 * Orders candidates best first: by score, then by exactness and the density of the query's words, then newest first, so that
 * equal input gives equal output. HYBRID adds up all signals, SEMANTIC and LEXICAL take their own; a candidate without the
 * signal that its mode needs is no result.
 */
export function* rank(found: Candidates, rules: RankingRules, query: RankedQuery): Slices<readonly RankedCandidate[]> {
  const signalsOf = rules.mode === "hybrid" ? yield* hybridSignals(found, query) : ownSignals(found, query, rules.mode);
  const own: OwnSignals[] = [];
  for (const run of runsOf(found.candidates, COST_A_SLICE, costOf)) {
    if (own.length > 0) yield;
    own.push(...signalsOf(run));
  }
  const bySource =
    rules.mode === "hybrid" && query.terms.source !== 0 ? bestOfSource(found.candidates, own.map(foundScore)) : null;
  return found.candidates
    .map((candidate, i) => {
      const source = bySource?.(candidate, i) ?? null;
      const signals = { ...own[i]!, source, ...askedFor(candidate, found.readTime, query.terms) };
      return { candidate, signals, score: scoreOf(signals, rules.mode, query.terms) };
    })
    .filter(({ candidate, score, signals }) => passes(candidate, score, signals, rules))
    .sort(
      (a, b) =>
        b.score - a.score ||
        (b.signals.exact ?? 0) - (a.signals.exact ?? 0) ||
        b.candidate.textRank - a.candidate.textRank ||
        byIdDescending(a.candidate, b.candidate),
    )
    .map(({ candidate: { id, text }, score, signals }) => ({ id, score, signals, text }));
}

/**
 * True where the floors may have cut candidates while better ones were left outside a full pool. The retriever of vectors is complete
 * down to its worst cosine, so a floor on that alone hides nothing; the one of words is ordered by density, which is no score.
 */
export function floorsMayHideMore(rules: RankingRules, terms: Pick<RankingTerms, "recency" | "confidence">): boolean {
  const isCosine = rules.mode === "semantic" && terms.recency === 0 && terms.confidence === 0;
  if (rules.minScore !== null && !isCosine) return true;
  return rules.mode === "lexical" && rules.minSimilarity !== null && !rules.lexicalPassesSimilarity;
}

type OwnSignals = Omit<Signals, "source" | "recency" | "confidence">;
type SignalsOf = (candidates: readonly Candidate[]) => readonly OwnSignals[];

/** Characters of candidates' texts, and lexemes as if they had ten, that are looked at in one slice. */
const COST_A_SLICE = 30_000;

function costOf({ text, lexemes, previousLexemes }: Candidate): number {
  return text.length + 10 * (lexemes.length + (previousLexemes?.length ?? 0));
}

const NONE: OwnSignals = {
  lexical: null,
  cosine: null,
  lateInteraction: null,
  exact: null,
  previous: null,
  participant: null,
  question: null,
};

function ownSignals(found: Candidates, query: RankedQuery, mode: SearchMode): SignalsOf {
  if (mode === "semantic") return (candidates) => candidates.map(({ cosine }) => ({ ...NONE, cosine }));
  const coverage = coverageOf(found.words, query.similar, query.tokens, rarityAmong(found.candidates));
  const exactness = exactnessOf(query.text, found.identifiers, wantedLexemes(found, query));
  return (candidates) =>
    candidates.map((candidate) => ({
      ...NONE,
      lexical: coverage?.(candidate.lexemes) ?? null,
      exact: exactness?.(candidate) ?? null,
    }));
}

function* hybridSignals(found: Candidates, query: RankedQuery): Slices<SignalsOf> {
  const { terms, tokens, text } = query;
  const isLong = text.length * found.candidates.length > COST_A_SLICE;
  const rarity = rarityAmong(found.candidates);
  if (isLong) yield;
  const coverage = coverageOf(found.words, query.similar, tokens, rarity);
  const exactness = exactnessOf(text, found.identifiers, wantedLexemes(found, query));
  if (isLong) yield;
  const participants = participantsOf(text, found.candidates);
  if (isLong) yield;
  const isParticipant = terms.participant === 0 ? null : participants.isNamed;
  // Who is spoken of, or to, tells nothing of what is answered next.
  const topic = found.words.filter(({ word }) => !participants.isName(word));
  const before = terms.previous === 0 ? null : coverageOf(topic, query.similar, tokens, rarity);
  const late = query.rerank ? tokens : null;
  return (candidates) => {
    const texts = candidates.map((candidate) => candidate.text);
    const interactions = late?.lateInteraction(text, texts);
    return candidates.map((candidate, i) => ({
      lexical: coverage?.(candidate.lexemes) ?? null,
      cosine: candidate.cosine,
      lateInteraction: interactions?.[i] ?? null,
      exact: exactness?.(candidate) ?? null,
      previous: candidate.previousLexemes === null ? null : (before?.(candidate.previousLexemes) ?? null),
      participant: isParticipant === null ? null : Number(isParticipant(candidate)),
      question: terms.question === 0 || candidate.source === null ? null : Number(candidate.asks),
    }));
  };
}

/** Those of the query that a memory may have: a misspelt one is in none. */
function wantedLexemes({ words }: Candidates, { similar }: RankedQuery): readonly string[] {
  const misspelt = new Set(similar.map((one) => one.like));
  return words.flatMap(({ lexeme, compound }) => (compound || misspelt.has(lexeme) ? [] : [lexeme]));
}

function askedFor(candidate: Candidate, now: Date, terms: RankingTerms): Pick<Signals, "recency" | "confidence"> {
  return {
    recency: terms.recency === 0 ? null : recencyOf(candidate.updateTime, now, terms.recencyHalfLifeMs),
    confidence: terms.confidence === 0 ? null : candidate.confidence,
  };
}

function scoreOf(signals: Signals, mode: SearchMode, terms: RankingTerms): number {
  const asked = terms.recency * (signals.recency ?? 0) + terms.confidence * (signals.confidence ?? 0);
  if (mode === "lexical") return (signals.lexical ?? 0) + asked;
  if (mode === "semantic") return (signals.cosine ?? 0) + asked;
  const around =
    terms.source * (signals.source ?? 0) +
    terms.previous * (signals.previous ?? 0) +
    terms.participant * (signals.participant ?? 0) -
    terms.question * (signals.question ?? 0);
  return foundScore(signals) + around + asked;
}

function foundScore(signals: OwnSignals): number {
  return (
    (signals.cosine ?? 0) +
    LEXICAL_WEIGHT * (signals.lexical ?? 0) +
    (signals.lateInteraction ?? 0) +
    (signals.exact ?? 0)
  );
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
