import { accessOf } from "../../domain/access.ts";
import type { Caller } from "../../domain/caller.ts";
import { DomainError } from "../../domain/failure.ts";
import type { Access } from "../../domain/ports/memory-store.ts";
import type { SearchCommand } from "../../domain/ports/search-store.ts";
import { corrected, likelyBeginnings, likelySpellings, unmatchedWords } from "../../domain/ranking/misspelling.ts";
import { type ParsedQuery, parseQuery } from "../../domain/ranking/parse-query.ts";
import { checkConditions } from "../../domain/ranking/query-limits.ts";
import { DEFAULT_TERMS, type RankingTerms } from "../../domain/ranking/ranking-terms.ts";
import { spacedRuns } from "../../domain/ranking/spaced-runs.ts";
import { tellingWords } from "../../domain/ranking/telling-words.ts";
import type { Candidates, SimilarLexeme } from "../../domain/search.ts";
import { embedWithin } from "../embeddings/embed-within.ts";
import type { SearchDeps, SearchInput } from "./search-input.ts";
import { stopwatch } from "./stopwatch.ts";

/** What both retrievers of a search brought, and what was made of its query on the way. */
export interface Found extends Candidates {
  /** The query without its signs, misspelt words as they were meant. */
  readonly query: string;
  readonly terms: RankingTerms;
  readonly similar: readonly SimilarLexeme[];
  /** Candidates a retriever at most. */
  readonly perRetriever: number;
  readonly degraded: boolean;
  readonly generation: string;
  readonly embedMs: number;
  readonly candidatesMs: number;
}

const DEFAULT_QUERY_BUDGET_MS = 2000;
const LEAST_PER_LEG = 50;
/** Weight from which on a word may be a misspelt one. */
const RARE_WORD = 11;
const MOST_MISSPELT = 4;

/** The query's vector; null: none was wanted, or the query has none. */
interface QueryVector {
  readonly vector: Float32Array | null;
  readonly degraded: boolean;
  readonly generation: string;
}

/**
 * Embeds the query and asks both retrievers. Throws INVALID_FIELD where the query sets too many conditions, EMBEDDER_UNAVAILABLE in mode
 * SEMANTIC where it cannot be embedded.
 */
export async function findCandidates(
  given: SearchDeps,
  caller: Caller,
  input: SearchInput,
  signal: AbortSignal,
): Promise<Found> {
  // The generation in use may change meanwhile: a vector of one must never be compared with those of another.
  const deps = { ...given, embedding: given.embedding };
  const watch = stopwatch(deps.clock);
  const parsed = parseQuery(input.query);
  checkConditions(parsed);
  const query = await embedQuery(deps, input, parsed.text, signal);
  const embedMs = watch();
  const terms = { ...DEFAULT_TERMS, ...input.terms };
  const command = commandOf(deps, caller, input, parsed, query, terms);
  const access = accessOf(caller);
  const found = await deps.searches.candidates(access, command, signal);
  const similar = await spellings(deps, access, found, signal);
  const about = {
    terms,
    similar,
    perRetriever: command.perRetriever,
    degraded: query.degraded,
    generation: query.generation,
    embedMs,
  };
  if (similar.length === 0) return { ...found, ...about, query: parsed.text, candidatesMs: watch() };
  const meant = corrected(parsed.text, found.words, similar);
  const vector = meant === parsed.text ? command.vector : await vectorOf(deps, command, meant, signal);
  const also = { ...command, vector, similar: similar.map((one) => one.lexeme) };
  const again = await deps.searches.candidates(access, also, signal);
  return { ...again, ...about, query: meant, candidatesMs: watch() };
}

/** A rare word that no candidate has may be misspelt. Words of everyday language are known to be right. */
async function spellings(
  deps: SearchDeps,
  access: Access,
  found: Candidates,
  signal: AbortSignal,
): Promise<readonly SimilarLexeme[]> {
  const wanted = unmatchedWords(found.words, found.candidates)
    .filter(({ word }) => (deps.tokens?.weightOf(word) ?? RARE_WORD) >= RARE_WORD)
    .slice(0, MOST_MISSPELT)
    .map(({ lexeme }) => ({ lexeme, beginnings: likelyBeginnings(lexeme) }));
  if (wanted.length === 0) return [];
  return likelySpellings(await deps.searches.similarLexemes(access, wanted, signal));
}

/** Of what was meant, where a vector takes no call; else the one that there is. */
async function vectorOf(
  { embedding }: SearchDeps,
  command: SearchCommand,
  meant: string,
  signal: AbortSignal,
): Promise<SearchCommand["vector"]> {
  if (!embedding?.embedder.local || command.vector === null) return command.vector;
  const [values] = await embedding.embedder.embed([meant], signal);
  return values ? { ...command.vector, values } : command.vector;
}

function commandOf(
  deps: SearchDeps,
  caller: Caller,
  input: SearchInput,
  parsed: ParsedQuery,
  query: QueryVector,
  terms: RankingTerms,
): SearchCommand {
  const generation = deps.embedding?.generation;
  const readsTexts = input.mode !== "semantic" || input.collapseDuplicates === true || (input.diversity ?? 0) > 0;
  return {
    text: wantsWords(input) ? tellingWords(spacedRuns(parsed.text), (word) => deps.tokens?.weightOf(word) ?? 1) : null,
    phrases: [...new Set(parsed.phrases)].map(spacedRuns),
    excluded: [...new Set(parsed.excluded)].map(spacedRuns),
    language: caller.language,
    vector: query.vector === null || generation === undefined ? null : { generation, values: query.vector },
    filter: input.filter,
    perRetriever: Math.max(LEAST_PER_LEG, 2 * input.limit),
    withTexts: readsTexts,
    withNeighbours: input.mode === "hybrid" && (terms.previous > 0 || terms.source > 0),
  };
}

async function embedQuery(
  deps: SearchDeps,
  input: SearchInput,
  text: string,
  signal: AbortSignal,
): Promise<QueryVector> {
  const none = { vector: null, degraded: false, generation: "" };
  if (!wantsVector(input)) return none;
  if (deps.embedding === null) {
    if (input.mode !== "semantic") return none;
    const problem = "none is configured";
    throw new DomainError("EMBEDDER_UNAVAILABLE", `embedding provider: ${problem}`, { problem });
  }
  const { embedder } = deps.embedding;
  try {
    const budgetMs = deps.queryBudgetMs ?? DEFAULT_QUERY_BUDGET_MS;
    const [vector] = await embedWithin(embedder, [text], budgetMs, signal);
    return { vector: vector ?? null, degraded: false, generation: embedder.model };
  } catch (error) {
    const isDown = error instanceof DomainError && error.reason === "EMBEDDER_UNAVAILABLE";
    if (!isDown || input.mode === "semantic") throw error;
    return { ...none, degraded: true };
  }
}

/** SEMANTIC needs words only to let them pass its floor. */
function wantsWords(input: SearchInput): boolean {
  return input.mode !== "semantic" || (input.minSimilarity !== null && input.lexicalPassesSimilarity);
}

/** LEXICAL needs a vector only for a floor on similarity that words do not pass. */
function wantsVector(input: SearchInput): boolean {
  return input.mode !== "lexical" || (input.minSimilarity !== null && !input.lexicalPassesSimilarity);
}
