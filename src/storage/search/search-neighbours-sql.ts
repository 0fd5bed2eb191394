import { namesOf } from "./search-names-sql.ts";
import { lexemesOf, type SearchParts, UNPACKED } from "./search-parts.ts";

/** How many memories next to one are looked at for one of the same owner and volume that the reader may see. */
const STEPS = 8;
/** Candidates of each retriever, the best ones, whose followers are candidates as well. */
const LEADERS = 10;

/** What the memory before `m` has of the query. */
export function previous(parts: SearchParts): string {
  if (!parts.withNeighbours) return "select null::text[] as lexemes where false";
  return `select ${lexemesOf(parts)} as lexemes from (${nextTo(parts, "<", parts.readable)}) m`;
}

/**
 * The memories after the best candidates: an answer follows its question, and may share no word with it. None where phrases are
 * asked for, which every candidate must hold: what holds them is found by its own words.
 */
export function followers(parts: SearchParts): string {
  if (!parts.withNeighbours || parts.phrased) return "";
  return `union
    select n.id from (
      (select id from lex order by density desc, id desc limit ${LEADERS})
      union (select id from near order by distance, id desc limit ${LEADERS})) best
    cross join lateral (
      select m.* from memory m
      where m.id = best.id and ${parts.own("m")} and m.source_id is not null limit 1) m
    cross join lateral (${nextTo(parts, ">", `${parts.readable} and ${parts.filter}`)}) n`;
}

/**
 * The memory before or after `m` of the same source, owner and volume that fits `condition`, a predicate on `m` as well. Comparing
 * rows leaves only memory_source to read along, whatever the planner takes sources for, and it stops at the first that fits.
 */
function nextTo(parts: SearchParts, side: "<" | ">", condition: string): string {
  const from = (alias: string, ...columns: string[]): string => columns.map((one) => `${alias}.${one}`).join(", ");
  const order = (alias: string): string =>
    ["source_kind", "source_id", "id"].map((one) => `${alias}.${one} ${side === "<" ? "desc" : "asc"}`).join(", ");
  const same = (...columns: string[]): string =>
    columns.map((one) => `p.${one} is not distinct from m.${one}`).join(" and ");
  const first = (
    ofKind: string,
    ...columns: string[]
  ): string => `(select m.id, ${UNPACKED}${parts.hasNames ? ", m.names" : ""} from (select m.id, m.tsv${namesOf(parts)} from (
      select p.*, ${same("source_kind", "source_id", "agent_id", "volume_id")} as belongs
      from memory p
      where ${parts.own("p")} and p.source_id is not null and ${ofKind}
        and (${from("p", ...columns)}) ${side} (${from("m", ...columns)})
      order by ${order("p")} limit ${STEPS}) m
    where m.belongs and ${condition}
    order by ${order("m")} limit 1) m)`;
  return `${first("m.source_kind is not null", "source_kind", "source_id", "id")}
    union all ${first("p.source_kind is null and m.source_kind is null", "source_id", "id")}`;
}
