import { Migration } from "@mikro-orm/migrations";

/**
 * Words as people type them: without accents, and identifiers as a whole. The text search configurations are Postgres's own, each
 * with `unaccent` in front; `search_config` answers ours for the one that a workspace names.
 */
export class Lexical extends Migration {
  override up(): void {
    this.addSql(`create extension if not exists unaccent`);
    this.addSql(`create extension if not exists pg_trgm`);
    this.configurations();
    this.identifiers();
    this.searchedWords();
    this.similarLexemes();
  }

  /**
   * Stop words are dropped before accents are (`été` is one in French), as the lists have them with accents. A configuration that
   * an administrator made is used as it is.
   */
  private configurations(): void {
    this.addSql(`do $$
      declare
        theirs record;
        stop_words text;
        branches text := '';
      begin
        for theirs in select c.cfgname as name from pg_ts_config c where c.cfgnamespace = 'pg_catalog'::regnamespace loop
          execute format('create text search configuration public.cairn_%s (copy = pg_catalog.%I)', theirs.name, theirs.name);
          select substring(d.dictinitoption from 'stopwords = ''([a-z]+)''') into stop_words
            from pg_ts_config c join pg_ts_config_map m on m.mapcfg = c.oid join pg_ts_dict d on d.oid = m.mapdict
            where c.cfgname = theirs.name and c.cfgnamespace = 'pg_catalog'::regnamespace and m.maptokentype = 2;
          if stop_words is not null and stop_words <> 'english' then
            execute format('create text search dictionary public.cairn_%s_stop
              (template = pg_catalog.simple, stopwords = %I, accept = false)', theirs.name, stop_words);
          end if;
          execute (
            select string_agg(format(
              'alter text search configuration public.cairn_%s alter mapping for %I with %s unaccent, %s', theirs.name, t.alias,
              case when d.dictname <> 'simple' and stop_words <> 'english' then 'public.cairn_' || theirs.name || '_stop, ' else '' end,
              d.oid::regdictionary), ';')
            from pg_ts_config c join pg_ts_config_map m on m.mapcfg = c.oid join pg_ts_dict d on d.oid = m.mapdict
              join ts_token_type(c.cfgparser) t on t.tokid = m.maptokentype
            where c.cfgname = theirs.name and c.cfgnamespace = 'pg_catalog'::regnamespace
              and t.alias in ('word', 'hword', 'hword_part', 'numword', 'numhword', 'hword_numpart'));
          branches := branches || format(' when %L::regconfig then %L::regconfig',
            'pg_catalog.' || quote_ident(theirs.name), 'public.cairn_' || theirs.name);
        end loop;
        execute 'create function public.search_config(language regconfig) returns regconfig
          language sql immutable parallel safe as $f$ select case language' || branches || ' else language end $f$';
      end
    $$`);
  }

  /**
   * What is looked for letter by letter: with a digit and a letter or a sign in it, five digits or more, or of parts joined by
   * @ / \\ _ or a dot. ASCII alone, so that no locale decides; of 3 to 200 characters; in lower case.
   */
  private identifiers(): void {
    this.addSql(String.raw`create function public.is_identifier(token text) returns boolean language sql immutable parallel safe
      as $$
        select length(token) between 3 and 200 and (
          token ~ '[@/\\_]' or token ~ '[A-Za-z0-9][.][A-Za-z]' or token ~ '^[0-9]{5,}$'
          or (length(token) >= 5 and token ~ '[0-9]' and token ~ '[^0-9]' and token !~ '^[0-9]+[A-Za-z]{1,2}$'))
      $$`);
    this.addSql(String.raw`create function public.identifiers_of(content text) returns text[] language sql immutable parallel safe
      as $$
        select array_agg(distinct lower(btrim(t.token[1], '@./\:#+~=-')) collate "C")
        from regexp_matches(content, '[A-Za-z-]*[0-9@/\\_.:#+~=][A-Za-z0-9_@./\\:#+~=-]+', 'g') t(token)
        where public.is_identifier(btrim(t.token[1], '@./\:#+~=-'))
      $$`);
  }

  /**
   * In PL/pgSQL, which keeps its plans; the test in front spares plain prose, years and prices the search for identifiers. A path
   * is found by its file's name too, a URL by its host, an address by its domain, and each by its words.
   */
  private searchedWords(): void {
    const hint = String.raw`'[@/\\_]|[A-Za-z0-9][.][A-Za-z0-9]|[0-9]{5}|[0-9][A-Za-z:#+~=-]|[A-Za-z:#+~=-][0-9]'`;
    this.addSql(String.raw`create function public.searched_words(language regconfig, content text, metadata jsonb)
      returns tsvector language plpgsql immutable parallel safe
      as $$
        declare
          config constant regconfig := public.search_config(language);
          words tsvector := to_tsvector(config, content);
          identifiers text[];
        begin
          if metadata <> '{}' then
            words := words || jsonb_to_tsvector(config, metadata, '["string", "numeric"]');
            if metadata::text ~ ${hint} then
              content := content || ' ' || coalesce((
                select string_agg(leaf #>> '{}', ' ') from jsonb_path_query(metadata, 'strict $.**') leaf
                where jsonb_typeof(leaf) in ('string', 'number')), '');
            end if;
          end if;
          if content ~ ${hint} then
            identifiers := public.identifiers_of(content);
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
    this.addSql(`alter table memory drop column tsv`);
    this.addSql(`alter table memory add column tsv tsvector not null generated always as (
      public.searched_words(language, title || E'\\n' || content, metadata)) stored`);
    this.addSql(`create index memory_tsv on memory using gin (workspace_id, tsv)`);
  }

  /**
   * Lexemes spelt like one, among those that begin in one of the ways given: trigrams decide. It reads as its owner in the
   * caller's own workspace alone, as \`search_text\` does, and looks at \`bound\` memories at most.
   */
  private similarLexemes(): void {
    this.addSql(`create function similar_lexemes(wanted text, beginnings tsquery, viewer uuid, bound integer)
      returns table (lexeme text, alike real)
      language plpgsql stable parallel safe rows 20 security definer set search_path = public, pg_temp
      as $$
        begin
          return query
            with near as materialized (
              select m.tsv from memory m
              where m.workspace_id = current_setting('cairn.workspace')::uuid and m.tsv @@ beginnings
                and m.delete_time is null and (m.expire_time is null or m.expire_time > now())
                and (viewer is null or m.visibility = 2 or m.agent_id = viewer)
              limit bound)
            select l.lexeme, similarity(l.lexeme, wanted) as alike
            from (select distinct unnest(tsvector_to_array(s.tsv)) as lexeme from near s) l
            where l.lexeme <> wanted and similarity(l.lexeme, wanted) >= 0.2 and l.lexeme !~ '[0-9]'
            order by alike desc, l.lexeme collate "C" limit 20;
        end
      $$`);
    const signature = "similar_lexemes(text, tsquery, uuid, integer)";
    this.addSql(`revoke all on function ${signature} from public`);
    this.addSql(`grant execute on function ${signature} to cairn_app`);
    this.addSql(`grant create on schema public to cairn_definer`);
    this.addSql(`alter function ${signature} owner to cairn_definer`);
    this.addSql(`revoke create on schema public from cairn_definer`);
  }
}
