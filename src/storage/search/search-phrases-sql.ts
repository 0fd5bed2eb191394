/** Without stemming and stop words, as a phrase is read that has stop words in it. */
const WORD_BY_WORD = "'public.cairn_simple'";

/** What `q` says of phrases and exclusions, given as placeholders of type text[]; null: nothing. */
export function phraseColumns(phrases: string, excluded: string): string {
  return `${joined(phrases, "&", READ, IS_READ)} as required,
      ${joined(phrases, "&", "plainto_tsquery(language.config, p)", IS_READ)} as required_words,
      ${joined(phrases, "&", VERBATIM, HAS_STOP_WORDS)} as verbatim,
      ${joined(excluded, "|", READ, `${IS_READ} and not ${HAS_STOP_WORDS}`)} as forbidden,
      ${joined(excluded, "|", READ, HAS_STOP_WORDS)} as doubtful,
      ${joined(excluded, "|", VERBATIM, HAS_STOP_WORDS)} as doubtful_verbatim`;
}

export const NO_PHRASES = ["required", "required_words", "verbatim", "forbidden", "doubtful", "doubtful_verbatim"]
  .map((name) => `null::tsquery as ${name}`)
  .join(", ");

const READ = "phraseto_tsquery(language.config, p)";
const VERBATIM = `phraseto_tsquery(${WORD_BY_WORD}, p)`;
/** Stop words alone require and forbid nothing, as no index could tell. */
const IS_READ = `numnode(${READ}) > 0`;
const HAS_STOP_WORDS = `(${IS_READ} and numnode(${READ}) < numnode(${VERBATIM}))`;

function joined(phrases: string, operator: "&" | "|", query: string, condition: string): string {
  return `(select string_agg('(' || ${query}::text || ')', ' ${operator} ')::tsquery
      from language, unnest(${phrases}) p where ${condition})`;
}

const WORDS = `(to_tsvector(${WORD_BY_WORD}, m.title || E'\\n' || m.content)
  || jsonb_to_tsvector(${WORD_BY_WORD}, m.metadata, '["string", "numeric"]'))`;

/** Bytes of contents that are read word by word for phrases with stop words: that takes 150 ms a megabyte on the embedded engine. */
export const MOST_READ = 800_000;

/**
 * An index tells of stop words only that some word stands in their place, and nothing where they begin or end a phrase. `m.before`:
 * bytes of the contents that were read before; `m.doubtful`: it may hold an excluded phrase with stop words.
 */
export const HOLDS_VERBATIM = `case when q.verbatim is null and not m.doubtful then true when m.before >= ${MOST_READ} then false
  else ${WORDS} @@ case when not m.doubtful then q.verbatim when q.verbatim is null then !!q.doubtful_verbatim
    else q.verbatim && !!q.doubtful_verbatim end end`;

/** Of what is excluded, all that the index tells. */
export const NOT_INDEXED_AS_FORBIDDEN = "coalesce(not m.tsv @@ (select q.forbidden from q), true)";

/**
 * Few rows have what a phrase with stop words is without them: those alone are read word by word. CASE, as AND evaluates its second
 * operand beside a null one as well: every content would be read.
 */
export const NOT_FORBIDDEN = `${NOT_INDEXED_AS_FORBIDDEN}
  and case when m.tsv @@ (select q.doubtful from q) then not ${WORDS} @@ (select q.doubtful_verbatim from q) else true end`;
