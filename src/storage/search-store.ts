import { createHash } from "node:crypto";
import type { Access } from "../domain/ports/memory-store.ts";
import type { SearchCommand, SearchStore } from "../domain/ports/search-store.ts";
import type { Candidate, Candidates } from "../domain/search.ts";
import { searchedText } from "../domain/searched-text.ts";
import { halfvecBytes } from "./halfvec-bytes.ts";
import { filterOf, LIVE, NO_FILTER, viewOf } from "./memory-predicates.ts";
import { Parameters } from "./parameters.ts";
import { indexedSearch, pooledSearch, queryCte, type SearchParts } from "./search-sql.ts";
import { inWorkspace, type Row, type Session } from "./session.ts";
import type { Tenancy } from "./tenancy.ts";

/** Memories that a narrow filter may leave for everything to be computed over them. */
const SMALL_POOL = 2000;
/** The same where the indexes brought too few. */
const LARGE_POOL = 20_000;
/** Matches of the words that are ranked before rare words are told from common ones. */
const MATCHES = 10_000;
const OVER_FETCH = 4;

/** The planner must take the body's vectors from HNSW, not sort them; a discouraged sort would look dear enough to be compiled. */
const INDEXED = {
  "hnsw.iterative_scan": "relaxed_order",
  "hnsw.ef_search": "200",
  enable_sort: "off",
  jit: "off",
  // Its joins are pinned, so that a plan made for the values at hand would be the same one, a millisecond later.
  plan_cache_mode: "force_generic_plan",
};
const POOLED = { jit: "off" };

interface Found {
  readonly head: Row;
  readonly candidates: readonly Candidate[];
}

/**
 * Chooses the plan itself, statement by statement. With a filter: everything that fits it, where that is little. Else, or where
 * it is much: both legs through their indexes. Where those come back too short although more may match: once more over
 * everything that fits, within a bound; beyond it the answer says `truncated`.
 */
export class SqlSearchStore implements SearchStore {
  readonly #session: Session;
  readonly #tenancy: Tenancy;

  constructor(session: Session, tenancy: Tenancy) {
    this.#session = session;
    this.#tenancy = tenancy;
  }

  async candidates(access: Access, command: SearchCommand, signal: AbortSignal): Promise<Candidates> {
    if (command.text === null && command.vector === null) {
      return { candidates: [], queryLexemes: [], truncated: false, readTime: new Date() };
    }
    const isFiltered = filterOf(command.filter, this.#tenancy, new Parameters()) !== NO_FILTER;
    if (isFiltered) {
      const pooled = await this.#pooled(access, command, SMALL_POOL, signal);
      if (!isShort(pooled)) return answer([pooled], false);
    }
    const indexed = await this.#indexed(access, command, signal);
    if (!isShort(indexed)) return answer([indexed], false);
    const pooled = await this.#pooled(access, command, LARGE_POOL, signal);
    return isShort(pooled) ? answer([indexed, pooled], true) : answer([pooled], false);
  }

  #indexed(access: Access, command: SearchCommand, signal: AbortSignal): Promise<Found> {
    const parameters = new Parameters();
    const parts = this.#parts(access, command, MATCHES, parameters);
    const viewer = command.text === null ? "null" : parameters.add(access.agentId, "uuid");
    return this.#run(access, indexedSearch({ ...parts, viewer }), parts, parameters, INDEXED, signal);
  }

  #pooled(access: Access, command: SearchCommand, bound: number, signal: AbortSignal): Promise<Found> {
    const parameters = new Parameters();
    const parts = this.#parts(access, command, bound, parameters);
    return this.#run(access, pooledSearch(parts, bound === SMALL_POOL), parts, parameters, POOLED, signal);
  }

  #parts(access: Access, command: SearchCommand, bound: number, parameters: Parameters): SearchParts {
    const { vector, text } = command;
    parameters.add(access.workspaceId, "uuid");
    // Rounded, so that the statements stay few and can be prepared.
    const perLeg = Math.ceil(command.perLeg / 50) * 50;
    return {
      query: text === null ? null : queryCte(parameters.add(command.language, "text"), parameters.add(text, "text")),
      distance: vector === null ? null : distanceTo(vector.values, parameters),
      generation: vector?.generation ?? 0,
      ownVector: this.#tenancy.of("e"),
      ownMemory: this.#tenancy.of("m"),
      readable: `${this.#tenancy.of("m")} and ${LIVE} and ${viewOf(access, parameters)}`,
      filter: filterOf(command.filter, this.#tenancy, parameters),
      viewer: "null",
      perLeg,
      overFetch: perLeg * OVER_FETCH,
      bound,
      withTexts: command.withTexts ?? false,
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
    queryLexemes: head.lexemes as readonly string[],
    truncated,
    readTime: head.read_time as Date,
  };
}

function toCandidate(row: Row): Candidate {
  return {
    id: row.id as string,
    cosine: row.cosine as number | null,
    lexemes: row.lexemes as readonly string[],
    textRank: row.density as number,
    text:
      row.content === null
        ? ""
        : searchedText({
            title: row.title as string,
            content: row.content as string,
            metadata: (row.metadata ?? {}) as Readonly<Record<string, never>>,
          }),
  };
}
