import { Migration } from "@mikro-orm/migrations";

/**
 * A generation gets its index while it has no vector, so that making it inserts none. One that is being dropped has vectors still:
 * its index would take minutes that no write gets, for nothing. It comes with the generation once that is gone.
 */
export class EmptyVectorIndex extends Migration {
  override up(): void {
    this.addSql(`create or replace function ensure_embedding_generation(wanted_model text, wanted_dimensions integer)
      returns smallint language plpgsql security definer set search_path = public, pg_temp
      as $$
        declare
          found_id smallint;
          found_state smallint;
        begin
          perform pg_advisory_xact_lock(7342002);
          select g.id, g.state into found_id, found_state from embedding_generation g
            where g.model = wanted_model and g.dimensions = wanted_dimensions for share;
          if found_id is null then
            insert into embedding_generation (id, model, dimensions)
              select coalesce(max(g.id), 0) + 1, wanted_model, wanted_dimensions from embedding_generation g
              returning id into found_id;
          end if;
          if wanted_dimensions <= 4000 and found_state is distinct from 4
              and to_regclass('memory_embedding_hnsw_' || found_id) is null then
            execute format(
              'create index if not exists memory_embedding_hnsw_%s on memory_embedding
                using hnsw ((embedding::halfvec(%s)) halfvec_cosine_ops) with (m = 16, ef_construction = 200)
                where indexed and generation = %s',
              found_id, wanted_dimensions, found_id);
          end if;
          return found_id;
        end
      $$`);
  }
}
