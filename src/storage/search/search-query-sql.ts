import type { Statement } from "../engine/session.ts";
import { NO_PHRASES, phraseColumns } from "./search-phrases-sql.ts";

/** How a query's text becomes what both retrievers of a search look for. Each field is a placeholder of a parameter with its cast. */
export interface QueryParts {
  readonly language: string;
  /** Null: no lexical retriever. */
  readonly text: string | null;
  /** text[]: words that must stand side by side. */
  readonly phrases: string;
  /** text[]: words that must not stand in a result. */
  readonly excluded: string;
  /** text[]: lexemes that are looked for as well. */
  readonly similar: string;
}

/** Lexemes of one query at most, signs and marks making several of what its limit of words counts as one. */
const MOST_LEXEMES = 128;

/** Token types of Postgres's own parser that join what it also gives word by word: `follow-up`. */
const COMPOUND = "p.tokid in (15, 16, 17) and position('-' in p.token) > 0";

/**
 * `q`: the query's lexemes, for each the word that it is of (empty: an identifier, or a similar lexeme), those that only join
 * others, the identifiers, the term for each lexeme, the OR of the terms, and what phrases require and exclusions forbid. Read
 * token by token, so that word and lexeme are known together.
 */
export function queryCte({ language, text, phrases, excluded, similar }: QueryParts): string {
  const tokens = `select l.lexeme, (array_agg(p.token order by length(p.token)))[1] as word, bool_and(${COMPOUND}) as compound
        from language, ts_parse(language.cfgparser, ${text ?? "''"}) p, unnest(to_tsvector(language.config, p.token)) l
        group by l.lexeme`;
  return `language as materialized (
    select c.oid::regconfig as config, c.cfgparser from pg_ts_config c where c.oid = search_config(${language}::regconfig)),
  known as materialized (select coalesce(identifiers_of(${text ?? "''"}), '{}') as identifiers),
  q as materialized (
    select coalesce(array_agg(t.lexeme), '{}') as lexemes, array_agg(t.word) as words,
      coalesce(array_agg(t.lexeme) filter (where t.compound), '{}') as compounds, (select identifiers from known) as identifiers,
      array_agg(t.term) as terms, string_agg(t.term::text, ' | ')::tsquery as ts,
      ${phraseColumns(phrases, excluded)}
    from (
      select l.lexeme, max(l.word) as word, bool_and(l.compound) as compound,
        ('''' || replace(replace(l.lexeme, '\\', '\\\\'), '''', '''''') || '''')::tsquery as term
      from (
        ${tokens}
        union all select i, '', true from known, unnest(known.identifiers[1:${MOST_LEXEMES / 2}]) i
        union all select s, '', true from unnest(${similar}) s) l
      group by l.lexeme
      order by max(l.word) <> '', l.lexeme limit ${MOST_LEXEMES}) t)`;
}

export const NO_QUERY = `q as materialized (
    select '{}'::text[] as lexemes, '{}'::text[] as words, '{}'::text[] as compounds, '{}'::text[] as identifiers,
      null::tsquery[] as terms, null::tsquery as ts, ${NO_PHRASES})`;

/** The lexemes spelt like each of those wanted; arrays side by side. */
export function similarStatement(lexemes: string, beginnings: string, reader: string, bound: string): Statement {
  return {
    name: "search_similar",
    text: `select w.lexeme as wanted, s.lexeme, s.alike
    from unnest(${lexemes}, ${beginnings}) w(lexeme, beginnings)
    cross join lateral similar_lexemes(w.lexeme, w.beginnings::tsquery, ${reader}, ${bound}) s
    where $1::uuid is not null`,
  };
}
