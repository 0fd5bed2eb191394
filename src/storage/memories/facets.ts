import type { MemoryFilter } from "../../domain/memory.ts";
import type { Parameters } from "../engine/parameters.ts";
import type { Tenancy } from "../engine/tenancy.ts";

/** Memories of a tag, linked entity or the like that are looked up one by one; where it has more, reading along an index finds them. */
const FEW = 2000;

/** What of a filter an index finds; whether it is used is decided by counting, as statistics may not be there yet. */
export interface Facets {
  /** CTEs, each with a comma behind it: `facet`, the ids of the rarest, where they are few, and `few`, whether they are. */
  readonly ctes: string;
  /**
   * Rows of memory, from both ways. `columns` and `condition` are on `m`; `order` is an order by with a limit of each way. The caller
   * orders and limits their union anew.
   */
  rows(columns: string, condition: string, order: string): string;
}

export function facetsOf(filter: MemoryFilter, tenancy: Tenancy, parameters: Parameters): Facets {
  const own = tenancy.of("m");
  const ways = [tagged, linked, unordered].flatMap((way) => way(filter, tenancy, parameters));
  if (ways.length === 0) {
    return {
      ctes: "",
      rows: (columns, condition, order) => `select ${columns} from memory m where ${condition} ${order}`,
    };
  }
  return {
    ctes: counted(ways),
    rows: (columns, condition, order) => `select * from (
      (select ${columns} from facet f cross join lateral ${memoryOf("f.id", own)} where ${condition} ${order})
      union all
      (select ${columns} from memory m where ${condition} and not (select yes from few) ${order})) m`,
  };
}

function tagged(filter: MemoryFilter, tenancy: Tenancy, parameters: Parameters): string[] {
  const having = (which: string): string =>
    `select t.memory_id as id from memory_tag t where ${tenancy.of("t")} and t.tag ${which}`;
  const all = [...new Set(filter.tagsAll)].map((tag) => having(`= ${parameters.add(tag, "text")}`));
  return filter.tagsAny?.length ? [having(`= any(${parameters.addTexts(filter.tagsAny)})`), ...all] : all;
}

function linked({ linkedEntity }: MemoryFilter, tenancy: Tenancy, parameters: Parameters): string[] {
  if (!linkedEntity) return [];
  return [
    `select l.memory_id as id from memory_linked_entity l where ${tenancy.of("l")}
      and l.entity_type = ${parameters.add(linkedEntity.type, "text")} and l.entity_id = ${parameters.add(linkedEntity.id, "text")}`,
  ];
}

/** What an index finds, but not newest first. */
function unordered(filter: MemoryFilter, tenancy: Tenancy, parameters: Parameters): string[] {
  const { subjectType, subjectId, kinds = [] } = filter;
  const having = (condition: string): string => `select m.id from memory m where ${tenancy.of("m")} and ${condition}`;
  const ways: string[] = [];
  if (subjectType && !subjectId) ways.push(having(`m.subject_type = ${parameters.add(subjectType, "text")}`));
  if (kinds.length > 1) ways.push(having(`m.kind = any(${parameters.addTexts(kinds)})`));
  return ways;
}

/** The row more for each way lets one that has no memory, and so leaves none, be the rarest. */
function counted(ways: readonly string[]): string {
  const each = ways.map((ids, i) => `(select ${i} as way, w.id from (${ids}) w limit ${FEW + 1})`);
  return `facets as materialized (${each.join(" union all ")}),
  rarest as materialized (
    select w.way, count(*) as size from (select f.way from facets f union all select generate_series(0, ${ways.length - 1})) w
    group by w.way order by count(*), w.way limit 1),
  few as materialized (select r.size <= ${FEW + 1} as yes from rarest r),
  facet as materialized (
    select distinct f.id from facets f where f.way = (select r.way from rarest r) and (select yes from few)),
  `;
}

/**
 * `m`, one row of memory, by its primary key, in a fence: what else is asked of it is asked behind, as the planner may take any index
 * that begins with the workspace for one as good, and look it through a row.
 */
export function memoryOf(id: string, own: string): string {
  return `(select m.* from memory m where ${own} and m.id = ${id} limit 1) m`;
}
