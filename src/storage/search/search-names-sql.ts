import { LETTER } from "../../domain/ranking/terms-with-punctuation.ts";
import type { Parameters } from "../engine/parameters.ts";
import { memoryOf } from "../memories/facets.ts";
import type { SearchParts } from "./search-parts.ts";

/** Memories, the newest, that are read for names without a word that the index holds: `AT&T` is made of stop words. */
const READ = 5000;
/** Memories of a pool that have the words of names. */
const POOLED = 10_000;
/** Bytes of a text from which on it is read for names once only. */
const LONG = 4000;
/** Bytes of texts that are read for names, all together: 10,000 memories of a few sentences each. */
const BYTES = 3_000_000;

const WORD = new RegExp(`[${LETTER}]+`, "gu");
const SIGNS_AT_END = new RegExp(`[^${LETTER}]*$`, "u");
const STARTS_WITH_LETTER = new RegExp(`^[${LETTER}]`, "u");
const ENDS_WITH_LETTER = new RegExp(`[${LETTER}]$`, "u");

/** All that a memory is searched by, whole. */
const TEXT = `concat_ws(E'\\n', m.title, m.content, case when m.metadata <> '{}' then (
      select string_agg(leaf #>> '{}', E'\\n') from jsonb_path_query(m.metadata, 'strict $.**') leaf
      where jsonb_typeof(leaf) in ('string', 'number')) end)`;

const TEXTS = ["m.content", "m.title", "m.metadata::text"];

/** A sign is found faster than a pattern, and most texts lack it; CASE keeps that order. */
function stands(name: string): string {
  const hasSign = TEXTS.map((text) => `strpos(${text}, ${name}.sign) > 0`);
  return `case when ${hasSign.join(" or ")} then ${TEXT} ~* ${name}.pattern else false end`;
}

/**
 * `names`, a row a term with punctuation: how it is found in a text, and the words that every memory with it has in the index, as far as
 * they are no stop words; null: it has none.
 */
export function termsCte(names: readonly string[], parameters: Parameters): string {
  const parts = names.flatMap((name) => wordsIn(name));
  const given = [names, names.map(signOf), names.map(patternOf)].map((list) => parameters.addTexts(list));
  const words = [parts.map((one) => one.name), parts.map((one) => one.word), parts.map((one) => one.otherwise)];
  const [of, word, otherwise] = words.map((list) => parameters.addTexts(list));
  return `names as materialized (
    select n.name, n.sign, n.pattern, (
      select string_agg('(' || plainto_tsquery(language.config, w.word)::text || w.otherwise || ')', ' & ')::tsquery
      from language, unnest(${of}, ${word}, ${otherwise}) w(name, word, otherwise)
      where w.name = n.name and numnode(plainto_tsquery(language.config, w.word)) > 0) as words
    from unnest(${given.join(", ")}) n(name, sign, pattern))`;
}

/** A column `names`, after others: the query's names that `m`, a row of memory, has; of a long one, those that it was found by. */
export function namesOf(parts: SearchParts): string {
  if (!parts.hasNames) return "";
  return `, array(select n.name from names n where case when octet_length(m.content) < ${LONG} then ${stands("n")}
    else (m.id, n.name) in (select h.id, h.name from held_long h) end) as names`;
}

/** Predicate on `m`: it has every one of the names. */
export function holdsAll(names: readonly string[], parameters: Parameters): string {
  return `(select true from ${asked(names, parameters)} where not ${stands("n")} limit 1) is null`;
}

/** Predicate on `m`: it has one of the names. One pattern of all: a text of 20 KB is read for sixteen in an eighth of the time. */
export function holdsAny(names: readonly string[], parameters: Parameters): string {
  const signs = parameters.addTexts([...new Set(names.map(signOf))]);
  const pattern = parameters.add(names.map((name) => `(?:${patternOf(name)})`).join("|"), "text");
  const hasSign = TEXTS.map((text) => `strpos(${text}, s.sign) > 0`).join(" or ");
  return `case when (select true from unnest(${signs}) s(sign) where ${hasSign} limit 1) then ${TEXT} ~* ${pattern} else false end`;
}

/** `n`, a row a name. It is asked as a scalar, as EXISTS would become a join, which is planned anew with every table. */
function asked(names: readonly string[], parameters: Parameters): string {
  const lists = [names.map(signOf), names.map(patternOf)].map((list) => parameters.addTexts(list));
  return `unnest(${lists.join(", ")}) n(sign, pattern)`;
}

/** Rows for each name. */
function share(rows: number): string {
  return `${rows} / (select count(*) from names)::integer`;
}

/** The memories that have a name, through the index of its words. */
export function indexedNames(parts: SearchParts): string {
  if (!parts.hasNames) return "";
  return `looked as materialized (
    select n.name, n.sign, n.pattern, r.id, r.density, r.most from names n
    cross join lateral (
      select t.memory_id as id, t.density, ${share(parts.ranked)} as most
      from search_text(n.words, '{}', ${parts.reader}, ${share(parts.ranked)}, ${share(parts.ranked)}) t where n.words is not null
      union all
      (select m.id, 0, ${share(READ)} from memory m
        where ${parts.readable} and ${parts.filter} and n.words is null order by m.id desc limit ${share(READ)})) r),
  ${named(parts, `${parts.readable} and ${parts.filter}`)},`;
}

/** The same over a pool. */
export function pooledNames(parts: SearchParts, gate: string): string {
  if (!parts.hasNames) return "";
  return `looked as materialized (
    select n.name, n.sign, n.pattern, p.id, 0 as density, ${share(POOLED)} as most from names n
    cross join lateral (
      select p.id from pool p
      cross join lateral (
        select from memory m
        where m.id = p.id and ${parts.own("m")} and (n.words is null or m.tsv @@ n.words) limit 1) m
      where ${gate} limit ${share(POOLED)}) p),
  ${named(parts, parts.own("m"))},`;
}

/**
 * `held`: which memory has which name, read in the order of how densely they have its words, up to so many bytes. `named`: those of
 * each name that have most of the query.
 */
function named(parts: SearchParts, condition: string): string {
  return `sized as materialized (
    select l.*, m.*, sum(m.size) over (order by l.density desc, l.id desc, l.name) - m.size as before from looked l
    cross join lateral (
      select m.title, m.content, m.metadata, m.tsv, octet_length(m.content) + pg_column_size(m.metadata) as size
      from ${memoryOf("l.id", parts.own("m"))} where ${condition}) m),
  held as materialized (
    select m.id, m.name, coalesce(ts_rank(m.tsv, q.ts), 0) as density, m.size from q, sized m
    where m.before < ${BYTES} and ${stands("m")}),
  held_long as materialized (select h.id, h.name from held h where h.size >= ${LONG}),
  named as materialized (
    select b.id from (
      select h.id, row_number() over (partition by h.name order by h.density desc, h.id desc) as place from held h) b
    where b.place <= ${parts.perRetriever})`;
}

/** More memories might have a name than were looked at. */
export function shortNames(parts: SearchParts): string {
  return parts.hasNames ? `(select count(*) from named) < ${parts.perRetriever} and ${unread(parts)}` : "false";
}

/** Memories were left unread that may have a name. */
export function unread(parts: SearchParts): string {
  if (!parts.hasNames) return "false";
  return `(exists (select from sized s where s.before >= ${BYTES})
    or exists (select from looked l group by l.name, l.most having count(*) >= l.most))`;
}

/** The longest part of a name, with a sign in it, that is the same in upper and lower case, and in JSON. */
function signOf(name: string): string {
  const parts = name.match(/[^\p{L}\p{M}\\]+/gu) ?? [];
  const signs = parts.filter((one) => /\P{N}/u.test(one));
  return signs.reduce((longest, one) => (one.length > longest.length ? one : longest), "");
}

/**
 * A name as it stands in a text, for itself: no part of a longer word or number, and with no more of the sign at its edge. A dot, a
 * dash and the like join what they stand between (`example.net` has no `.net`); other signs may follow a word (`localhost:8080`).
 */
function patternOf(name: string): string {
  const characters = [...name].map(escaped);
  const [first, last] = [characters[0], characters.at(-1)];
  const before = STARTS_WITH_LETTER.test(name)
    ? `(?<![[:alnum:]_])${/^\d/.test(name) ? "(?<![0-9][.,])" : ""}`
    : `(?<!${first})${/^[-._/\\@~]/.test(name) ? "(?<![[:alnum:]])" : ""}`;
  const after = ENDS_WITH_LETTER.test(name)
    ? `(?![[:alnum:]_])${/\d$/.test(name) ? "(?![.,][0-9])" : ""}`
    : `(?!${last}|[[:alpha:]])`;
  return `${before}${characters.join("")}${after}`;
}

function escaped(character: string): string {
  return /[!-/:-@[-^`{-~]/.test(character) ? `\\${character}` : character;
}

/** Each word of a name, and the lexemes that Postgres's parser may make of it and signs before it: `-12`, `+49`, `/.ssh`. */
function wordsIn(name: string): { name: string; word: string; otherwise: string }[] {
  return [...name.matchAll(WORD)].map(({ 0: word, index }) => {
    const [signs] = name.slice(0, index).match(SIGNS_AT_END)!;
    const otherwise = [...signs].map((_, i) => ` | '${quoted(signs.slice(i) + word)}'`).join("");
    return { name, word, otherwise };
  });
}

function quoted(lexeme: string): string {
  return lexeme.replaceAll("\\", "\\\\").replaceAll("'", "''");
}
