import { createHash } from "node:crypto";
import type { Access } from "../../domain/ports/memory-store.ts";
import type { SearchCommand, SearchStore } from "../../domain/ports/search-store.ts";
import { nameAlone, termsWithPunctuation } from "../../domain/ranking/terms-with-punctuation.ts";
import type { Candidate, Candidates, QueryWord, SimilarLexeme } from "../../domain/search.ts";
import { searchedText } from "../../domain/searched-text.ts";
import { halfvecBytes } from "../embeddings/halfvec-bytes.ts";
import { Parameters } from "../engine/parameters.ts";
import { inWorkspace, type Row, type Session } from "../engine/session.ts";
import type { Tenancy } from "../engine/tenancy.ts";
import { waitedMs } from "../engine/waits.ts";
import { facetsOf } from "../memories/facets.ts";
import { filterOf, LIVE, NO_FILTER, viewOf } from "../memories/memory-predicates.ts";
import { holdsAll, holdsAny, termsCte } from "./search-names-sql.ts";
import type { SearchParts } from "./search-parts.ts";
import { NOT_FORBIDDEN, NOT_INDEXED_AS_FORBIDDEN } from "./search-phrases-sql.ts";
import { NO_QUERY, queryCte, similarStatement } from "./search-query-sql.ts";
import { indexedSearch, pooledSearch } from "./search-sql.ts";

/** Memories that a narrow filter may leave for everything to be computed over them. */
const SMALL_POOL = 2000;
/** The same where the indexes brought too few. */
const LARGE_POOL = 20_000;
/** Matches of the words that are ranked before rare words are told from common ones: of a query of up to 8 words, of 16, … */
const RANKED = [10_000, 5000, 2500, 1250, 625, 312, 156, 78];
const FEW_WORDS = 8;
const OVER_FETCH = 4;
/** Memories whose words are compared with a misspelt one. */
const SPELLINGS = 5000;
/** Bytes of their lists of words, for all misspelt words together. */
const SPELLING_BYTES = 6_000_000;

/** The planner must take the body's vectors from HNSW, not sort them; a discouraged sort would look dear enough to be compiled. */
const INDEXED = {
  "hnsw.iterative_scan": "relaxed_order",
  "hnsw.ef_search": "300",
  enable_sort: "off",
  jit: "off",
  work_mem: "16MB",
  // Its joins are pinned, so that a plan made for the values at hand would be the same one, a millisecond later.
  plan_cache_mode: "force_generic_plan",
};
/** No table of all workspaces is read from end to end, whatever the planner takes a new one for. */
const POOLED = { jit: "off", work_mem: "16MB", enable_seqscan: "off" };

/** Terms with punctuation in them. */
interface NamesAsked {
  readonly names: readonly string[];
  /** Those that every candidate has. */
  readonly required: readonly string[];
  /** Those that none has. */
  readonly barred: readonly string[];
  /** What else none has. */
  readonly excluded: readonly string[];
}

type Asked = SearchCommand & NamesAsked;

interface Found {
  readonly head: Row;
  readonly candidates: readonly Candidate[];
}

/**
 * Chooses the plan itself, statement by statement. With a filter: everything that fits it, where that is little. Else, or where
 * it is much: both retrievers through their indexes. Where those come back too short although more may match: once more over
 * everything that fits, within a bound; beyond it the answer says `truncated`.
 */
export class SqlSearchStore implements SearchStore {
  readonly #session: Session;
  readonly #tenancy: Tenancy;

  constructor(session: Session, tenancy: Tenancy) {
    this.#session = session;
    this.#tenancy = tenancy;
  }

  waitedMs(signal: AbortSignal): number {
    return waitedMs(signal);
  }

  async candidates(access: Access, command: SearchCommand, signal: AbortSignal): Promise<Candidates> {
    if (command.text === null && command.vector === null) {
      return { candidates: [], words: [], identifiers: [], truncated: false, readTime: new Date() };
    }
    const asked = { ...command, ...namesAsked(command) };
    const way = command.phrases?.length
      ? this.#phrased(access, asked, signal)
      : this.#byRetrievers(access, asked, signal);
    return withNames(await way, asked.names);
  }

  async #byRetrievers(access: Access, command: Asked, signal: AbortSignal): Promise<Candidates> {
    const isFiltered = filterOf(command.filter, new Parameters()) !== NO_FILTER;
    if (isFiltered) {
      const pooled = await this.#pooled(access, command, SMALL_POOL, signal);
      if (!isShort(pooled)) return answer([pooled], pooled.head.names_short === true);
    }
    const indexed = await this.#indexed(access, command, signal);
    if (!isShort(indexed)) return answer([indexed], indexed.head.names_short === true);
    const pooled = await this.#pooled(access, command, LARGE_POOL, signal);
    return isShort(pooled) ? answer([indexed, pooled], true) : answer([pooled], pooled.head.names_short === true);
  }

  async similarLexemes(
    access: Access,
    wanted: readonly { readonly lexeme: string; readonly beginnings: readonly string[] }[],
    signal: AbortSignal,
  ): Promise<readonly SimilarLexeme[]> {
    const parameters = new Parameters();
    parameters.add(access.workspaceId, "uuid");
    const lexemes = parameters.addTexts(wanted.map((one) => one.lexeme));
    const beginnings = parameters.addTexts(wanted.map((one) => one.beginnings.map(toPrefix).join(" | ")));
    const statement = similarStatement(
      lexemes,
      beginnings,
      readerOf(access, parameters),
      `${SPELLINGS}, ${parameters.add(Math.floor(SPELLING_BYTES / wanted.length), "integer")}`,
    );
    const rows = await this.#session.run(inWorkspace(access.workspaceId, POOLED), statement, parameters.values, signal);
    return rows.map(({ lexeme, wanted: like, alike }) => ({
      ...{ lexeme: lexeme as string, like: like as string, similarity: alike as number },
    }));
  }

  /** Everything that holds the phrases, within a bound; as without them where they are made of stop words alone. */
  async #phrased(access: Access, command: Asked, signal: AbortSignal): Promise<Candidates> {
    const found = await this.#pooled(access, command, rankedOf(command.phrases?.join(" ") ?? null), signal);
    if (found.head.required !== true) return this.#byRetrievers(access, { ...command, phrases: [] }, signal);
    return answer([found], isShort(found) || found.head.names_short === true);
  }

  #indexed(access: Access, command: Asked, signal: AbortSignal): Promise<Found> {
    const parameters = new Parameters();
    const parts = this.#parts(access, command, 0, parameters);
    const reader = parts.lexical ? readerOf(access, parameters) : "";
    return this.#run(access, indexedSearch({ ...parts, reader }), parts, parameters, INDEXED, signal);
  }

  #pooled(access: Access, command: Asked, bound: number, signal: AbortSignal): Promise<Found> {
    const parameters = new Parameters();
    const parts = this.#parts(access, command, bound, parameters);
    const reader = parts.phrased ? readerOf(access, parameters) : "";
    return this.#run(
      access,
      pooledSearch({ ...parts, reader }, bound === SMALL_POOL),
      parts,
      parameters,
      POOLED,
      signal,
    );
  }

  #parts(access: Access, command: Asked, bound: number, parameters: Parameters): SearchParts {
    const { vector, excluded = [], phrases = [], names } = command;
    parameters.add(access.workspaceId, "uuid");
    // Rounded, so that the statements stay few and can be prepared.
    const perRetriever = Math.ceil(command.perRetriever / 50) * 50;
    const query = queryOf(command, parameters);
    const filter = [filterOf(command.filter, parameters)];
    if (excluded.length > 0) filter.push(phrases.length > 0 ? NOT_INDEXED_AS_FORBIDDEN : NOT_FORBIDDEN);
    if (command.required.length > 0) filter.push(holdsAll(command.required, parameters));
    if (command.barred.length > 0) filter.push(`not ${holdsAny(command.barred, parameters)}`);
    return {
      query:
        names.length === 0
          ? query
          : `${query},
  ${termsCte(names, parameters)}`,
      lexical: command.text !== null,
      hasNames: names.length > 0,
      phrased: phrases.length > 0,
      distance: vector === null ? null : distanceTo(vector.values, parameters),
      generation: vector?.generation ?? 0,
      facets: facetsOf(bound === 0 || phrases.length > 0 ? {} : command.filter, this.#tenancy, parameters),
      own: (alias) => this.#tenancy.of(alias),
      readable: `${this.#tenancy.of("m")} and ${LIVE} and ${viewOf(access, parameters)}`,
      filter: filter.join(" and "),
      reader: "",
      perRetriever,
      overFetch: perRetriever * OVER_FETCH,
      bound,
      ranked: rankedOf(command.text),
      withTexts: command.withTexts ?? false,
      withNeighbours: command.text !== null && (command.withNeighbours ?? false),
    };
  }

  async #run(
    access: Access,
    text: string,
    parts: SearchParts,
    parameters: Parameters,
    settings: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Found> {
    // Filters make too many shapes for each to stay prepared on every connection.
    const name =
      parts.filter === NO_FILTER ? `search_${createHash("sha1").update(text).digest("hex").slice(0, 20)}` : null;
    const scope = inWorkspace(access.workspaceId, settings);
    const rows = await this.#session.run(scope, { name, text }, parameters.values, signal);
    const head = rows.find((row) => row.id === null)!;
    return { head, candidates: rows.filter((row) => row.id !== null).map(toCandidate) };
  }
}

function readerOf({ agentId, volumeId }: Access, parameters: Parameters): string {
  return `${parameters.add(agentId, "uuid")}, ${parameters.add(volumeId, "uuid")}`;
}

/** In few steps, so that the statements stay few. */
function rankedOf(text: string | null): number {
  const words = (text ?? "").match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  const step = RANKED.findIndex((_, i) => words <= FEW_WORDS * 2 ** i);
  return RANKED.at(step)!;
}

/** A name that is excluded as it is written is no word that is. */
function namesAsked({ text, phrases = [], excluded = [] }: SearchCommand): NamesAsked {
  const alone = excluded.map(nameAlone);
  return {
    names: text === null ? [] : termsWithPunctuation(text),
    required: phrases.flatMap(termsWithPunctuation),
    barred: alone.filter((name) => name !== null),
    excluded: excluded.filter((_, i) => alone[i] === null),
  };
}

function queryOf(command: SearchCommand, parameters: Parameters): string {
  const { text, language, phrases = [], excluded = [], similar = [] } = command;
  if (text === null && phrases.length === 0 && excluded.length === 0) return NO_QUERY;
  return queryCte({
    language: parameters.add(language, "text"),
    text: text === null ? null : parameters.add(text, "text"),
    phrases: parameters.addTexts(phrases),
    excluded: parameters.addTexts(excluded),
    similar: parameters.addTexts(similar),
  });
}

/** Of letters alone, so that nothing in it has a meaning of its own. */
function toPrefix(beginning: string): string {
  return `'${beginning}':*`;
}

/** With literal dimensions, as in the index, so that the planner can tell that they are the same expression. */
function distanceTo(values: Float32Array, parameters: Parameters): string {
  const type = `halfvec(${values.length})`;
  return `e.embedding::${type} <=> ${parameters.add(halfvecBytes(values), type)}`;
}

function isShort({ head }: Found): boolean {
  return head.text_short === true || head.near_short === true;
}

function answer(found: readonly Found[], truncated: boolean): Candidates {
  const byId = new Map(found.flatMap((one) => one.candidates).map((candidate) => [candidate.id, candidate]));
  const { head } = found[0]!;
  return {
    candidates: [...byId.values()],
    words: wordsOf(head),
    identifiers: head.identifiers as readonly string[],
    truncated,
    readTime: head.read_time as Date,
  };
}

/** Each name counts as a word of the query, in place of a lexeme that is written the same, and as an identifier. */
function withNames(found: Candidates, names: readonly string[]): Candidates {
  return {
    ...found,
    words: [
      ...found.words.filter((one) => !names.includes(one.lexeme)),
      ...names.map((name) => ({ lexeme: name, word: name, compound: false })),
    ],
    identifiers: [...new Set([...found.identifiers, ...names])],
  };
}

/** Similar lexemes, which are of no word of the query, are no part of what it asks. */
function wordsOf(head: Row): readonly QueryWord[] {
  const words = (head.words ?? []) as readonly string[];
  const compounds = new Set(head.compounds as readonly string[]);
  return (head.lexemes as readonly string[])
    .map((lexeme, i) => ({ lexeme, word: words[i] ?? "", compound: compounds.has(lexeme) }))
    .filter((one) => one.word !== "");
}

function toCandidate(row: Row): Candidate {
  return {
    id: row.id as string,
    cosine: row.cosine as number | null,
    lexemes: row.lexemes as readonly string[],
    textRank: row.density as number,
    text: row.content === null ? "" : textOf(row),
    subjectType: row.subject_type as string,
    subjectId: row.subject_id as string | null,
    source: row.source as string | null,
    asks: row.asks as boolean,
    confidence: row.confidence as number,
    updateTime: row.update_time as Date,
    previousLexemes: row.previous as readonly string[] | null,
  };
}

function textOf({ title, content, metadata }: Row): string {
  const leaves = (metadata ?? {}) as Readonly<Record<string, never>>;
  return searchedText({ title: title as string, content: content as string, metadata: leaves });
}
