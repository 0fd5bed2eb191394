import { Migration } from "@mikro-orm/migrations";

function matching(term: string, limit: string): string {
  return `select m.id, ts_rank(m.tsv, query) as rank
    from memory m
    where m.workspace_id = current_setting('cairn.workspace')::uuid and m.tsv @@ ${term}
      and m.delete_time is null and (m.expire_time is null or m.expire_time > now())
      and (viewer is null or m.visibility = 2 or m.agent_id = viewer)
    limit ${limit}`;
}

/**
 * Ranks at most `bound` matches of any term. Where there are more, a common word has crowded out the rare ones, which say more:
 * then each term adds its own share of matches, which is all of them where it is rare.
 */
const SEARCH_TEXT = `with any_term as materialized (${matching("query", "bound")}),
  each_term as (
    select r.id, r.rank from unnest(terms) t(term)
    cross join lateral (${matching("t.term", "greatest(bound / cardinality(terms), 100)")}) r
    where (select count(*) from any_term) >= bound)
  select u.id, u.rank from (select * from any_term union select * from each_term) u
  order by u.rank desc, u.id desc limit pool`;

/** The doors that search and its worker need: words found through an index, and one HNSW index a generation. */
export class Search extends Migration {
  override up(): void {
    this.addSql(`create index memory_embedding_body on memory_embedding (workspace_id, generation) where indexed`);
    this.textLeg();
    this.generations();
  }

  /**
   * `@@` is not leakproof, so that row-level security keeps it from its index; this function reads as its owner, in the
   * caller's own workspace alone, and tells ids and ranks. `viewer` only saves ranking what the caller's join would drop.
   */
  private textLeg(): void {
    this.addSql(`create function search_text(query tsquery, terms tsquery[], viewer uuid, bound integer, pool integer)
      returns table (memory_id uuid, density real)
      language plpgsql stable parallel safe rows 200 security definer set search_path = public, pg_temp
      as $$
        begin
          return query ${SEARCH_TEXT};
        end
      $$`);
    const signature = "search_text(tsquery, tsquery[], uuid, integer, integer)";
    this.addSql(`revoke all on function ${signature} from public`);
    this.addSql(`grant execute on function ${signature} to cairn_app`);
    this.addSql(`grant create on schema public to cairn_definer`);
    this.addSql(`alter function ${signature} owner to cairn_definer`);
    this.addSql(`revoke create on schema public from cairn_definer`);
  }

  /** Keeps the owner of the tables as its own, as only that may make an index. halfvec is indexed up to 4,000 dimensions. */
  private generations(): void {
    this.addSql(`create function ensure_embedding_generation(wanted_model text, wanted_dimensions integer)
      returns smallint language plpgsql security definer set search_path = public, pg_temp
      as $$
        declare
          found_id smallint;
        begin
          perform pg_advisory_xact_lock(7342002);
          select g.id into found_id from embedding_generation g
            where g.model = wanted_model and g.dimensions = wanted_dimensions;
          if found_id is null then
            insert into embedding_generation (id, model, dimensions)
              select coalesce(max(g.id), 0) + 1, wanted_model, wanted_dimensions from embedding_generation g
              returning id into found_id;
          end if;
          if wanted_dimensions <= 4000 and to_regclass('memory_embedding_hnsw_' || found_id) is null then
            execute format(
              'create index if not exists memory_embedding_hnsw_%s on memory_embedding
                using hnsw ((embedding::halfvec(%s)) halfvec_cosine_ops) with (m = 16, ef_construction = 200)
                where indexed and generation = %s',
              found_id, wanted_dimensions, found_id);
          end if;
          return found_id;
        end
      $$`);
    this.addSql(`revoke all on function ensure_embedding_generation(text, integer) from public`);
    this.addSql(`grant execute on function ensure_embedding_generation(text, integer) to cairn_operator`);
  }
}
