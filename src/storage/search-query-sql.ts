/** How a query's text becomes a tsquery, a lexeme at a time. */

/** Token types of Postgres's own parser that join what it also gives word by word: `follow-up`. */
const COMPOUND = "p.tokid in (15, 16, 17) and position('-' in p.token) > 0";

/**
 * `q`: the lexemes of a text in a language, for each the word that it is of, whether that only joins others, and the term to look
 * for; and the OR of the terms. Read token by token, so that word and lexeme are known together. `similar`: further lexemes.
 */
export function queryCte(language: string, text: string, similar: string): string {
  return `language as materialized (
    select c.oid::regconfig as config, c.cfgparser from pg_ts_config c where c.oid = ${language}::text::regconfig),
  q as materialized (
    select coalesce(array_agg(t.lexeme), '{}') as lexemes, array_agg(t.word) as words,
      coalesce(array_agg(t.lexeme) filter (where t.compound), '{}') as compounds,
      array_agg(t.term) as terms, string_agg(t.term::text, ' | ')::tsquery as ts
    from (
      select l.lexeme, l.word, l.compound,
        ('''' || replace(replace(l.lexeme, '\\', '\\\\'), '''', '''''') || '''')::tsquery as term
      from (
        select l.lexeme, (array_agg(p.token order by length(p.token)))[1] as word, bool_and(${COMPOUND}) as compound
        from language, ts_parse(language.cfgparser, ${text}::text) p, unnest(to_tsvector(language.config, p.token)) l
        group by l.lexeme
        union all select s, '', false from unnest(${similar}::text[]) s) l
      order by l.lexeme) t)`;
}

export const NO_QUERY = `q as materialized (
    select '{}'::text[] as lexemes, '{}'::text[] as words, '{}'::text[] as compounds, null::tsquery[] as terms,
      null::tsquery as ts)`;
