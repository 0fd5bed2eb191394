import { Migration } from "@mikro-orm/migrations";

const TENANT_TABLES = [
  "agent",
  "memory",
  "memory_tag",
  "memory_linked_entity",
  "memory_revision",
  "memory_embedding",
  "request_record",
  "request_memory",
  "api_key",
];

/** A setting that was never made is an error here, and so is one that an earlier transaction made: it reads as ''. */
const OWN_WORKSPACE = `workspace_id = (select current_setting('cairn.workspace'))::uuid`;

/** Who may touch what: grants, forced row-level security, and the one door to the credentials. */
export class Access extends Migration {
  override up(): void {
    for (const table of TENANT_TABLES) {
      this.addSql(`alter table ${table} enable row level security`);
      this.addSql(`alter table ${table} force row level security`);
      this.addSql(
        `create policy tenant on ${table} to cairn_app using (${OWN_WORKSPACE}) with check (${OWN_WORKSPACE})`,
      );
    }
    this.application();
    this.worker();
    this.operator();
    this.definer();
  }

  private application(): void {
    for (const table of TENANT_TABLES.filter((name) => !["memory_revision", "api_key"].includes(name))) {
      this.addSql(`grant select, insert, update, delete on ${table} to cairn_app`);
    }
    this.addSql(`grant select, insert, delete on memory_revision to cairn_app`);
    this.addSql(`grant select (workspace_id, id, display_name, secret_prefix, scopes, agent_id, volume_id, expire_time,
      revoke_time, create_time), insert, update (expire_time, revoke_time) on api_key to cairn_app`);
    this.addSql(`grant select on feed_epoch, embedding_generation to cairn_app`);
  }

  /** Sees which rows of any workspace have work due, and nothing of what they say. */
  private worker(): void {
    this.addSql(`grant select (workspace_id, id, embedding_status, embed_after, delete_time, expire_time)
      on memory to cairn_worker`);
    this.addSql(`grant select (workspace_id, memory_id, generation, content_revision, indexed)
      on memory_embedding to cairn_worker`);
    this.addSql(`grant select (workspace_id, key_id, request_id, create_time) on request_record to cairn_worker`);
    this.addSql(`grant select (id, retention_ms, delete_time) on workspace to cairn_worker`);
    this.addSql(`grant select on embedding_generation to cairn_worker`);
    for (const table of ["memory", "memory_embedding", "request_record"]) {
      this.addSql(`create policy work on ${table} for select to cairn_worker using (true)`);
    }
  }

  private operator(): void {
    this.addSql(`grant select, insert, update, delete
      on workspace, api_key, signing_key, feed_epoch, embedding_generation to cairn_operator`);
    this.addSql(`create policy operator on api_key to cairn_operator using (true) with check (true)`);
  }

  /** The owner of security-definer functions may read what those functions read; it cannot log in. */
  private definer(): void {
    this.addSql(`grant select on workspace, api_key, memory to cairn_definer`);
    this.addSql(`create policy definer on api_key for select to cairn_definer using (true)`);
    this.addSql(`create policy definer on memory for select to cairn_definer using (true)`);
    this.addSql(`create function authenticate(secret_digest bytea)
      returns table (
        workspace_id uuid, id uuid, display_name text, secret_prefix text, scopes text[], agent_id uuid, volume_id uuid,
        expire_time timestamptz, revoke_time timestamptz, create_time timestamptz, language text)
      language sql stable security definer set search_path = public, pg_temp
      as $$
        select k.workspace_id, k.id, k.display_name, k.secret_prefix, k.scopes, k.agent_id, k.volume_id,
          k.expire_time, k.revoke_time, k.create_time, w.language::text
        from api_key k join workspace w on w.id = k.workspace_id
        where k.digest = secret_digest and k.revoke_time is null and w.delete_time is null
      $$`);
    this.addSql(`revoke all on function authenticate(bytea) from public`);
    this.addSql(`grant execute on function authenticate(bytea) to cairn_app`);
    this.addSql(`grant create on schema public to cairn_definer`);
    this.addSql(`alter function authenticate(bytea) owner to cairn_definer`);
    this.addSql(`revoke create on schema public from cairn_definer`);
  }
}
