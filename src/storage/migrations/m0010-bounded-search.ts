import { Migration } from "@mikro-orm/migrations";

/**
 * Bytes of word lists, as they are stored, that one function reads: those of memories of 50 KB take 80 KB each, and 0.1 ms to unpack
 * on the embedded engine, so that ten thousand matches would hold it for a second. Short memories never come near.
 */
const MOST_BYTES = 24_000_000;

/** Who may read a memory: as `readableBy` of the application says, here with parameters that may be null. */
const READABLE = `m.workspace_id = current_setting('cairn.workspace')::uuid
      and m.delete_time is null and (m.expire_time is null or m.expire_time > now())
      and (viewer is null or (m.volume_id is null and (m.visibility = 2 or m.agent_id = viewer)))
      and (home is null or m.volume_id = home)`;

/** `m`: memories that match, as many of the first ones as do not take more than that many bytes to read; sizes alone are read here. */
function within(condition: string, limit: string, bytes: string): string {
  return `(
      select s.id, s.tsv, s.upto from (
        select f.id, f.tsv, f.size, sum(f.size) over (rows between unbounded preceding and current row) as upto from (
          select m.id, m.tsv, pg_column_size(m.tsv) as size from memory m
          where ${READABLE} and m.tsv @@ ${condition} limit ${limit}) f) s
      where s.upto - s.size < ${bytes}) m`;
}

/** As before: where a common word has crowded out the rare ones, each term adds its own share of matches. */
const SEARCH_TEXT = `with any_term as materialized (
    select m.id, ts_rank(m.tsv, query) as rank, m.upto from ${within("query", "bound", String(MOST_BYTES))}),
  each_term as (
    select r.id, r.rank from unnest(terms) t(term)
    cross join lateral (
      select m.id, ts_rank(m.tsv, query) as rank
      from ${within("t.term", "greatest(bound / cardinality(terms), 100)", `${MOST_BYTES} / cardinality(terms)`)}) r
    where (select count(*) >= bound or max(a.upto) >= ${MOST_BYTES} from any_term a))
  select u.id, u.rank from (select a.id, a.rank from any_term a union select e.id, e.rank from each_term e) u
  order by u.rank desc, u.id desc limit pool`;

/** `words` are the phrase's, in any order: what has them is found by the index, and only that is read for the phrase. */
const SEARCH_PHRASE = `select m.id, ts_rank(m.tsv, phrase) as rank from ${within("words", "bound", String(MOST_BYTES))}
  where m.tsv @@ phrase order by rank desc, m.id desc`;

const SIMILAR_LEXEMES = `select l.lexeme, similarity(l.lexeme, wanted) as alike
  from (select distinct unnest(tsvector_to_array(m.tsv)) as lexeme from ${within("beginnings", "bound", "bytes")}) l
  where l.lexeme <> wanted and similarity(l.lexeme, wanted) >= 0.2 and l.lexeme !~ '[0-9]'
  order by alike desc, l.lexeme collate "C" limit 20`;

/**
 * Words are found within a bound of bytes as well as of rows, and by the one rule of who may read, which the functions before
 * left volumes out of. Those stay for servers that still run on the schema before.
 */
export class BoundedSearch extends Migration {
  override up(): void {
    this.reader("search_text", "query tsquery, terms tsquery[], viewer uuid, home uuid, bound integer, pool integer", {
      returns: "memory_id uuid, density real",
      query: SEARCH_TEXT,
    });
    this.reader("search_phrase", "phrase tsquery, words tsquery, viewer uuid, home uuid, bound integer", {
      returns: "memory_id uuid, density real",
      query: SEARCH_PHRASE,
    });
    this.reader(
      "similar_lexemes",
      "wanted text, beginnings tsquery, viewer uuid, home uuid, bound integer, bytes integer",
      {
        returns: "lexeme text, alike real",
        query: SIMILAR_LEXEMES,
      },
    );
  }

  /** Reads as its owner, in the caller's own workspace alone. Its plans must take the index of words, whatever is known of tables. */
  private reader(name: string, parameters: string, { returns, query }: { returns: string; query: string }): void {
    const signature = `${name}(${parameters.replaceAll(/\w+ (\w+(?:\[\])?)(,|$)/g, "$1$2")})`;
    this.addSql(`create function ${name}(${parameters}) returns table (${returns})
      language plpgsql stable parallel safe rows 200 security definer
      set search_path = public, pg_temp set enable_seqscan = off set enable_indexscan = off set jit = off
      as $$
        begin
          return query ${query};
        end
      $$`);
    this.addSql(`revoke all on function ${signature} from public`);
    this.addSql(`grant execute on function ${signature} to cairn_app`);
    this.addSql(`grant create on schema public to cairn_definer`);
    this.addSql(`alter function ${signature} owner to cairn_definer`);
    this.addSql(`revoke create on schema public from cairn_definer`);
  }
}
