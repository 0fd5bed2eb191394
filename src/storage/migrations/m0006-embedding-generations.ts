import { Migration } from "@mikro-orm/migrations";

const OWN_WORKSPACE = `workspace_id = (select current_setting('cairn.workspace'))::uuid`;
const NIL = "00000000-0000-0000-0000-000000000000";

/**
 * Generations have a state: 1 building, 2 active, 3 retired (its vectors stay and are no longer kept up), 4 being dropped,
 * 5 dropped. At most one is active, which search reads, and at most one is being built beside it.
 */
export class EmbeddingGenerations extends Migration {
  override up(): void {
    this.states();
    this.backlog();
    this.tracking();
    this.ensuring();
    this.dropping();
  }

  /** The newest generation is taken for the one in use; a start with another model builds that one beside it. */
  private states(): void {
    this.addSql(`alter table embedding_generation
      add column state smallint not null default 3 check (state between 1 and 5),
      add column activate_time timestamptz(3),
      add column retire_time timestamptz(3),
      add column scanned boolean not null default false,
      add column scan_workspace_id uuid not null default '${NIL}',
      add column scan_memory_id uuid not null default '${NIL}'`);
    this.addSql(`update embedding_generation set state = 2, activate_time = create_time
      where id = (select max(id) from embedding_generation)`);
    this.addSql(`create unique index embedding_generation_active on embedding_generation (state) where state = 2`);
    this.addSql(`create unique index embedding_generation_building on embedding_generation (state) where state = 1`);
    this.addSql(`grant select (content_revision) on memory to cairn_worker`);
  }

  /** Memories without a vector of the generation being built: 2 due, 3 refused by its provider, 4 nothing that its model knows. */
  private backlog(): void {
    this.addSql(`create table embedding_backlog (
      workspace_id uuid not null,
      memory_id uuid not null,
      generation smallint not null,
      content_revision integer not null,
      state smallint not null default 2 check (state between 2 and 4),
      attempts smallint not null default 0,
      due_after timestamptz(3) not null default now(),
      primary key (workspace_id, memory_id, generation),
      foreign key (workspace_id, memory_id) references memory (workspace_id, id) on delete cascade
    )`);
    this.addSql(`create index embedding_backlog_due on embedding_backlog (generation, due_after) where state = 2`);
    this.addSql(`alter table embedding_backlog enable row level security`);
    this.addSql(`alter table embedding_backlog force row level security`);
    this.addSql(
      `create policy tenant on embedding_backlog to cairn_app using (${OWN_WORKSPACE}) with check (${OWN_WORKSPACE})`,
    );
    this.addSql(`create policy work on embedding_backlog for select to cairn_worker using (true)`);
    this.addSql(`grant select, insert, update, delete on embedding_backlog to cairn_app`);
    this.addSql(`grant select on embedding_backlog to cairn_worker`);
  }

  /** Enabled while a generation is being built, so that no write of that time is missed; writes pay for it then alone. */
  private tracking(): void {
    this.addSql(`create function note_embedding_backlog() returns trigger language plpgsql as $$
      begin
        insert into embedding_backlog (workspace_id, memory_id, generation, content_revision)
          select new.workspace_id, new.id, g.id, new.content_revision from embedding_generation g where g.state = 1
          on conflict (workspace_id, memory_id, generation) do update
          set content_revision = excluded.content_revision, state = 2, attempts = 0, due_after = now();
        return null;
      end $$`);
    this.addSql(`create trigger embedding_backlog_written after insert on memory
      for each row execute function note_embedding_backlog()`);
    this.addSql(`create trigger embedding_backlog_changed after update of content_revision, delete_time on memory
      for each row when (new.delete_time is null
        and (new.content_revision <> old.content_revision or old.delete_time is not null))
      execute function note_embedding_backlog()`);
    this.addSql(`alter table memory disable trigger embedding_backlog_written`);
    this.addSql(`alter table memory disable trigger embedding_backlog_changed`);
    this.addSql(`create function track_embedding_backlog(wanted boolean) returns void
      language plpgsql security definer set search_path = public, pg_temp
      as $$
        begin
          if wanted then
            alter table memory enable trigger embedding_backlog_written;
            alter table memory enable trigger embedding_backlog_changed;
          else
            alter table memory disable trigger embedding_backlog_written;
            alter table memory disable trigger embedding_backlog_changed;
          end if;
        end
      $$`);
    this.forOperator("track_embedding_backlog(boolean)");
  }

  /** The first generation of a database is active at once: there is none that search would lose. */
  private ensuring(): void {
    this.addSql(`create function ensure_embedding_generation_state(wanted_model text, wanted_dimensions integer)
      returns smallint language plpgsql security definer set search_path = public, pg_temp
      as $$
        declare
          found_id smallint;
        begin
          found_id := ensure_embedding_generation(wanted_model, wanted_dimensions);
          update embedding_generation g set state = 2, activate_time = now(), retire_time = null
            where g.id = found_id and g.state in (3, 5)
              and not exists (select from embedding_generation a where a.state = 2);
          return found_id;
        end
      $$`);
    this.forOperator("ensure_embedding_generation_state(text, integer)");
  }

  /** Only the owner of a table may drop its index. */
  private dropping(): void {
    this.addSql(`create function drop_embedding_index(dropped smallint) returns void
      language plpgsql security definer set search_path = public, pg_temp
      as $$
        begin
          if exists (select from embedding_generation g where g.id = dropped and g.state = 4) then
            execute format('drop index if exists memory_embedding_hnsw_%s', dropped);
          end if;
        end
      $$`);
    this.forOperator("drop_embedding_index(smallint)");
  }

  private forOperator(signature: string): void {
    this.addSql(`revoke all on function ${signature} from public`);
    this.addSql(`grant execute on function ${signature} to cairn_operator`);
  }
}
