import { memoryOf } from "../memories/facets.ts";
import { indexedNames, namesOf, pooledNames, shortNames, unread } from "./search-names-sql.ts";
import { followers, previous } from "./search-neighbours-sql.ts";
import { lexemesOf, type SearchParts, UNPACKED } from "./search-parts.ts";
import { HOLDS_VERBATIM, MOST_READ } from "./search-phrases-sql.ts";

/** Bytes of lists of words that are read of a pool, as `search_text` reads no more; memories of 50 KB have 80 KB each. */
const MOST_BYTES = 24_000_000;

const NO_LEX = `lex as materialized (
    select null::uuid as id, null::real as density where false)`;
const NO_NEAR = `near as materialized (select null::uuid as id, null::float8 as distance where false)`;

/**
 * Both retrievers through their indexes: words by `search_text`; vectors by HNSW for the indexed body and exactly for the rest, the
 * distances first. Over-fetched, then joined to what may be read. Run it with `enable_sort` off: then the body comes from HNSW.
 */
export function indexedSearch(parts: SearchParts): string {
  return `with ${parts.query},
  ${!parts.lexical ? NO_LEX : indexedLex(parts)},
  ${parts.distance === null ? NO_NEAR : indexedNear(parts, parts.distance)},
  ${indexedNames(parts)}
  state as (select
    ${!parts.lexical ? "false" : shortLex(parts)} as text_short,
    ${parts.distance === null ? "false" : shortNear(parts)} as near_short,
    ${shortNames(parts)} as names_short)
  ${outcome(parts)}`;
}

/**
 * Both retrievers over the memories that may be read and fit the filter, at most `bound` of them, found first: by the words that they
 * must hold, where there are phrases. `gated`: with more than that it does nothing but say so.
 */
export function pooledSearch(parts: SearchParts, gated: boolean): string {
  const gate = gated ? `(select count(*) from pool) <= ${parts.bound}` : "true";
  return `with ${parts.query},
  ${parts.facets.ctes}${phrased(parts)}pool as materialized (${parts.phrased ? PHRASED_POOL : filteredPool(parts)}),
  ${!parts.lexical ? NO_LEX : pooledLex(parts, gate)},
  ${parts.distance === null ? NO_NEAR : pooledNear(parts, parts.distance, gate)},
  ${pooledNames(parts, gate)}
  state as (select over.short as text_short, over.short as near_short, ${unread(parts)} as names_short
    from (select count(*) > ${parts.bound} or ${unreadPhrases(parts)} as short from pool) over)
  ${outcome(parts)}`;
}

function filteredPool(parts: SearchParts): string {
  const condition = `${parts.readable} and ${parts.filter}`;
  return parts.facets.rows("m.id, m.content_revision", condition, `limit ${parts.bound} + 1`);
}

const PHRASED_POOL = `select m.id, m.content_revision from q, phrased m where ${HOLDS_VERBATIM}`;

/** What has the phrases' words, those first that have most of them. */
function phrased(parts: SearchParts): string {
  if (!parts.phrased) return "";
  return `phrased as materialized (
    select w.*, sum(w.size) over (order by w.density desc, w.id desc) - w.size as before from (
      select m.id, m.content_revision, m.title, m.content, m.metadata, t.density, d.doubtful,
        case when d.doubtful or q.verbatim is not null then octet_length(m.content) else 0 end as size
      from q, search_phrase(q.required, q.required_words, ${parts.reader}, ${parts.bound} + 1) t
      cross join lateral ${memoryOf("t.memory_id", parts.own("m"))}
      cross join lateral (select coalesce(m.tsv @@ q.doubtful, false) as doubtful) d
      where ${parts.readable} and ${parts.filter}) w),
  `;
}

/** More hold the phrases' words, or may hold those of an excluded one, than were read. */
function unreadPhrases(parts: SearchParts): string {
  if (!parts.phrased) return "false";
  return `exists (select from phrased p where p.size > 0 and p.before >= ${MOST_READ})`;
}

function indexedLex(parts: SearchParts): string {
  return `words as materialized (
    select t.* from q, search_text(q.ts, q.terms, ${parts.reader}, ${parts.ranked}, ${parts.overFetch}) t),
  lex as materialized (
    select w.memory_id as id, w.density from words w
    cross join lateral ${memoryOf("w.memory_id", parts.own("m"))}
    where ${parts.readable} and ${parts.filter}
    order by w.density desc, w.memory_id desc limit ${parts.perRetriever})`;
}

/** Words may match more rows than were fetched. */
function shortLex(parts: SearchParts): string {
  return `(select count(*) from lex) < ${parts.perRetriever / 2} and (select count(*) from words) >= ${parts.overFetch}`;
}

/** LATERAL with LIMIT pins the join to one look-up by primary key a row, however the planner misjudges the workspace's size. */
function indexedNear(parts: SearchParts, distance: string): string {
  const scan = (tier: string): string => `select e.memory_id, e.content_revision, ${distance} as distance
    from memory_embedding e
    where ${parts.own("e")} and e.generation = ${parts.generation} and ${tier}
    order by ${distance} limit ${parts.overFetch}`;
  return `has_body as materialized (
    select exists (
      select from memory_embedding e
      where ${parts.own("e")} and e.generation = ${parts.generation} and e.indexed) as yes),
  body as materialized (${scan("e.indexed and (select yes from has_body)")}),
  tail as materialized (${scan("not e.indexed")}),
  near as materialized (
    select v.memory_id as id, v.distance
    from (select * from body union all select * from tail) v
    cross join lateral ${memoryOf("v.memory_id", parts.own("m"))}
    where m.content_revision = v.content_revision and ${parts.readable} and ${parts.filter}
    order by v.distance, v.memory_id desc limit ${parts.perRetriever})`;
}

/** A tier was cut off, or HNSW gave up before it had enough. */
function shortNear(parts: SearchParts): string {
  return `(select count(*) from near) < ${parts.perRetriever / 2} and (
      (select count(*) from tail) >= ${parts.overFetch} or (select yes from has_body))`;
}

function pooledLex(parts: SearchParts, gate: string): string {
  return `lex as materialized (
    select m.id, ts_rank(m.tsv, m.ts) as density from (
      select m.id, m.tsv, q.ts from q, (
        select p.id, m.tsv, sum(m.size) over (rows between unbounded preceding and current row) - m.size as before from pool p
        cross join lateral (
          select m.tsv, pg_column_size(m.tsv) as size from memory m where m.id = p.id and ${parts.own("m")} limit 1) m
        where ${gate}) m
      where m.before < ${MOST_BYTES} and m.tsv @@ q.ts limit ${parts.ranked}) m
    order by density desc, m.id desc limit ${parts.perRetriever})`;
}

function pooledNear(parts: SearchParts, distance: string, gate: string): string {
  return `near as materialized (
    select p.id, e.distance from pool p
    cross join lateral (
      select ${distance} as distance from memory_embedding e
      where e.memory_id = p.id and ${parts.own("e")} and e.generation = ${parts.generation}
        and e.content_revision = p.content_revision limit 1) e
    where ${gate}
    order by e.distance, p.id desc limit ${parts.perRetriever})`;
}

/** Equal for memories of the same source, owner and volume; null where there is no source. */
const SOURCE = `case when m.source_id is not null then
  json_build_array(m.source_kind, m.source_id, m.agent_id, m.volume_id)::text end`;

/** First a row about the search itself, without an id; then one a candidate, in no order. */
function outcome(parts: SearchParts): string {
  const nothing = (type: string, ...names: string[]): string =>
    names.map((name) => `null::${type} as ${name}`).join(", ");
  const texts = parts.withTexts
    ? "m.title, left(m.content, 4000) as content, case when octet_length(m.content) < 16000 and length(m.content) < 4000 then m.metadata end as metadata"
    : `${nothing("text", "title", "content")}, null::jsonb as metadata`;
  const density = !parts.lexical ? "0::real" : "coalesce(ts_rank(m.tsv, q.ts), 0)";
  return `select null::uuid as id, null::float8 as cosine, q.lexemes, ${nothing("real", "density")},
    ${nothing("text", "title", "content")}, null::jsonb as metadata, ${nothing("text", "subject_type", "subject_id")},
    null::text as source, null::boolean as asks, ${nothing("float8", "confidence")}, ${nothing("timestamptz", "update_time")},
    null::text[] as previous, q.words, q.compounds, q.identifiers, q.required is not null as required, s.text_short, s.near_short, s.names_short,
    now() as read_time
  from q, state s
  union all
  select f.id, 1 - v.distance, ${lexemesOf(parts)}, m.density, m.title, m.content, m.metadata, m.subject_type, m.subject_id,
    m.source, m.asks, m.confidence, m.update_time, b.lexemes, null, null, null, null, null, null, null, null
  from q
  cross join (select id from lex union select id from near ${parts.hasNames ? "union select id from named" : ""} ${followers(parts)}) f
  cross join lateral (
    select m.id, ${UNPACKED}, m.content_revision, ${density} as density, ${texts}, m.subject_type, m.subject_id, m.volume_id,
      m.agent_id, m.source_kind, m.source_id, ${SOURCE} as source, right(m.content, 8) ~ '[?？][[:space:]"”’'')]*$' as asks, m.confidence, m.update_time${namesOf(parts)}
    from memory m where m.id = f.id and ${parts.own("m")} limit 1) m
  left join lateral (
    select ${parts.distance ?? "null::float8"} as distance from memory_embedding e
    where e.memory_id = f.id and ${parts.own("e")} and e.generation = ${parts.generation}
      and e.content_revision = m.content_revision limit 1) v on true
  left join lateral (${previous(parts)}) b on true`;
}
