import { Migration } from "@mikro-orm/migrations";

/**
 * A text is read with a space after every 250 characters that have none, as queries are: Postgres's parser takes squared time for
 * a long run of signs, 20 s for 50,000 characters of `./`. What is stored already keeps its words.
 */
export class SpacedRuns extends Migration {
  override up(): void {
    this.addSql(String.raw`create function public.spaced_runs(content text) returns text language sql immutable parallel safe
      as $$
        select case when content ~ '\S{251}' then regexp_replace(content, '(\S{250})(?=\S)', '\1 ', 'g') else content end
      $$`);
    this.searchedWords();
  }

  /** As before, but for the spaces; the strings of metadata with such a run are read as one text. */
  private searchedWords(): void {
    const hint = String.raw`'[@/\\_]|[A-Za-z0-9][.][A-Za-z0-9]|[0-9]{5}|[0-9][A-Za-z:#+~=-]|[A-Za-z:#+~=-][0-9]'`;
    const leaves = `coalesce((
                select string_agg(leaf #>> '{}', ' ') from jsonb_path_query(metadata, 'strict $.**') leaf
                where jsonb_typeof(leaf) in ('string', 'number')), '')`;
    this.addSql(String.raw`create or replace function public.searched_words(language regconfig, content text, metadata jsonb)
      returns tsvector language plpgsql immutable parallel safe
      as $$
        declare
          config constant regconfig := public.search_config(language);
          spaced text := public.spaced_runs(content);
          words tsvector := to_tsvector(config, spaced);
          identifiers text[];
        begin
          if metadata <> '{}' then
            if metadata::text ~ '\S{251}' then
              words := words || to_tsvector(config, public.spaced_runs(${leaves}));
            else
              words := words || jsonb_to_tsvector(config, metadata, '["string", "numeric"]');
            end if;
            if metadata::text ~ ${hint} then
              spaced := spaced || ' ' || public.spaced_runs(${leaves});
            end if;
          end if;
          if spaced ~ ${hint} then
            identifiers := public.identifiers_of(spaced);
            if identifiers is not null then
              words := words || to_tsvector(config, regexp_replace(array_to_string(identifiers, ' '), '[^a-z0-9]+', ' ', 'g'));
              if array_to_string(identifiers, ' ') ~ '[@/\\:=#~+]' then
                identifiers := identifiers || array(
                  select part from unnest(identifiers) whole, regexp_split_to_table(whole, '[@/\\:=#~+]+') part
                  where public.is_identifier(part));
              end if;
              words := words || array_to_tsvector(identifiers);
            end if;
          end if;
          return words;
        end
      $$`);
  }
}
