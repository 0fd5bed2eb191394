import { Migration } from "@mikro-orm/migrations";

/** Every insertion of a tenant's data goes into one of these, or into a table that a foreign key ties to `memory` or to these. */
const HELD_TABLES = ["memory_revision", "request_record", "agent", "api_key"];
/** Those whose rows may outlive their workspace: `api_key` has a foreign key to it. */
const TABLES_OF_NO_WORKSPACE = ["memory_revision", "agent"];

/**
 * Nothing is written into a workspace that is being deleted. Whoever inserts holds a shared lock on the workspace to the end of
 * its transaction, and looks at it under that lock; whoever erases takes the lock alone, after marking the workspace. A row lock
 * would do the same, but all writers of a workspace would then write to one row.
 */
export class Deletion extends Migration {
  override up(): void {
    this.holding();
    this.orphans();
    this.authentication();
    this.keysOfDeletedAgents();
  }

  /** Volatile, so that it looks with a snapshot of its own, taken under the lock. The operator is in no workspace. */
  private holding(): void {
    this.addSql(`create function hold_workspace() returns trigger
      language plpgsql volatile security definer set search_path = public, pg_temp
      as $$
        declare
          held text := current_setting('cairn.workspace', true);
        begin
          if held is null or held = '' then
            return null;
          end if;
          perform pg_advisory_xact_lock_shared(7342003, hashtext(held));
          if not exists (select from workspace w where w.id = held::uuid and w.delete_time is null) then
            raise exception 'workspace % is deleted', held using errcode = 'P0W01';
          end if;
          return null;
        end
      $$`);
    this.ownedByDefiner("hold_workspace()");
    for (const table of HELD_TABLES) {
      this.addSql(`create trigger workspace_held before insert on ${table}
        for each statement execute function hold_workspace()`);
    }
  }

  private orphans(): void {
    for (const table of TABLES_OF_NO_WORKSPACE) {
      this.addSql(`grant select (workspace_id) on ${table} to cairn_worker`);
      this.addSql(`create policy work on ${table} for select to cairn_worker using (true)`);
    }
  }

  /** A key ends with its agent, whatever became of its own row. */
  private authentication(): void {
    this.addSql(`grant select (workspace_id, id) on agent to cairn_definer`);
    this.addSql(`create policy definer on agent for select to cairn_definer using (true)`);
    this.addSql(`create or replace function authenticate(secret_digest bytea)
      returns table (
        workspace_id uuid, id uuid, display_name text, secret_prefix text, scopes text[], agent_id uuid, volume_id uuid,
        expire_time timestamptz, revoke_time timestamptz, create_time timestamptz, language text)
      language sql stable security definer set search_path = public, pg_temp
      as $$
        select k.workspace_id, k.id, k.display_name, k.secret_prefix, k.scopes, k.agent_id, k.volume_id,
          k.expire_time, k.revoke_time, k.create_time, w.language::text
        from api_key k join workspace w on w.id = k.workspace_id
        where k.digest = secret_digest and k.revoke_time is null and w.delete_time is null
          and (k.agent_id is null or exists (
            select from agent a where a.workspace_id = k.workspace_id and a.id = k.agent_id))
      $$`);
  }

  /** Made while their agent was deleted, by an earlier version: an agent of the same id would bring them back. */
  private keysOfDeletedAgents(): void {
    for (const table of ["agent", "api_key"]) this.addSql(`alter table ${table} no force row level security`);
    this.addSql(`update api_key k set revoke_time = now()
      where k.agent_id is not null and k.revoke_time is null
        and not exists (select from agent a where a.workspace_id = k.workspace_id and a.id = k.agent_id)`);
    for (const table of ["agent", "api_key"]) this.addSql(`alter table ${table} force row level security`);
  }

  /** Its owner may read what it reads; it cannot log in. */
  private ownedByDefiner(signature: string): void {
    this.addSql(`revoke all on function ${signature} from public`);
    this.addSql(`grant create on schema public to cairn_definer`);
    this.addSql(`alter function ${signature} owner to cairn_definer`);
    this.addSql(`revoke create on schema public from cairn_definer`);
  }
}
