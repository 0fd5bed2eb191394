import { lexemesOf, type SearchParts } from "./search-parts.ts";

/** How many memories next to one are looked at for one of the same owner and volume that the reader may see. */
const STEPS = 8;
/** Candidates of each leg, the best ones, whose followers are candidates as well. */
const LEADERS = 10;

/** What the memory before `m` has of the query. */
export function previous(parts: SearchParts): string {
  if (!parts.withNeighbours || !parts.lexical) return "select null::text[] as lexemes where false";
  return `select ${lexemesOf(parts)} as lexemes from (${nextTo(parts, "<", "desc")}) m
    where ${parts.readable}
    order by m.id desc limit 1`;
}

/**
 * The memories after the best candidates: an answer follows its question, and may share no word with it. None where phrases are
 * asked for, which every candidate must hold: what holds them is found by its own words.
 */
export function followers(parts: SearchParts): string {
  if (!parts.withNeighbours || !parts.lexical || parts.phrased) return "";
  return `union
    select n.id from (
      (select id from lex order by density desc, id desc limit ${LEADERS})
      union (select id from near order by distance, id desc limit ${LEADERS})) best
    cross join lateral (
      select m.* from memory m
      where m.id = best.id and ${parts.ownMemory} and m.source_id is not null limit 1) m
    cross join lateral (
      select m.id from (${nextTo(parts, ">", "asc")}) m
      where ${parts.readable} and ${parts.filter}
      order by m.id limit 1) n`;
}

/** The memories of the source, owner and volume of `m` next to it, in the order of memory_source, which it can be read in. */
function nextTo(parts: SearchParts, side: "<" | ">", order: "desc" | "asc"): string {
  const ofKind = (kind: string): string => `select p.* from (
      select p.* from memory p
      where ${parts.ownMemory.replaceAll(/\bm\./g, "p.")} and ${kind} and p.source_id = m.source_id and p.id ${side} m.id
      order by p.source_kind ${order}, p.source_id ${order}, p.id ${order} limit ${STEPS}) p`;
  return `select * from (
      (${ofKind("p.source_kind = m.source_kind")}) union all (${ofKind("p.source_kind is null and m.source_kind is null")})) p
    where p.agent_id is not distinct from m.agent_id and p.volume_id is not distinct from m.volume_id`;
}
