import type { SqlEntityManager } from "@mikro-orm/sql";
import type { KeyScope } from "../domain/caller.ts";
import { DomainError } from "../domain/failure.ts";
import type { Credential, Key } from "../domain/key.ts";
import type { KeyStore, NewKey } from "../domain/ports/key-store.ts";
import { KeyEntity, type KeyRow } from "./entities/key-entity.ts";
import type { OrmSession } from "./orm-session.ts";
import { asApplication, inWorkspace, type Row, type Session } from "./session.ts";
import type { Tenancy } from "./tenancy.ts";

const AUTHENTICATE = { name: "authenticate", text: "select * from authenticate($1::bytea)" };

/** Keys: looked up by digest on the hot path, managed through the ORM. */
export class SqlKeyStore implements KeyStore {
  readonly #session: Session;
  readonly #orm: OrmSession;
  readonly #tenancy: Tenancy;

  constructor(session: Session, orm: OrmSession, tenancy: Tenancy) {
    this.#session = session;
    this.#orm = orm;
    this.#tenancy = tenancy;
  }

  async authenticate(digest: Uint8Array): Promise<Credential | null> {
    const [row] = await this.#session.run(asApplication, AUTHENTICATE, [digest], null);
    return row ? toCredential(row) : null;
  }

  create(workspaceId: string, key: NewKey): Promise<Key> {
    return this.#orm.transaction(inWorkspace(workspaceId), (em) => insertKey(em, workspaceId, key));
  }

  get(workspaceId: string, id: string): Promise<Key | null> {
    return this.#orm.transaction(inWorkspace(workspaceId), async (em) => {
      const row = await this.#row(em, workspaceId, id);
      return row && toKey(row);
    });
  }

  list(workspaceId: string, beforeId: string | null, limit: number): Promise<readonly Key[]> {
    return this.#orm.transaction(inWorkspace(workspaceId), async (em) => {
      const where = { ...this.#tenancy.criteria(workspaceId), ...(beforeId === null ? {} : { id: { $lt: beforeId } }) };
      const rows = await em.find(KeyEntity, where, { orderBy: { id: "desc" }, limit });
      return rows.map(toKey);
    });
  }

  revoke(workspaceId: string, id: string): Promise<Key> {
    return this.#orm.transaction(inWorkspace(workspaceId), async (em) => {
      const row = await this.#known(em, workspaceId, id);
      const revokeTime = row.revokeTime ?? new Date();
      await this.#change(em, workspaceId, id, { revokeTime });
      return toKey({ ...row, revokeTime });
    });
  }

  rotate(
    workspaceId: string,
    id: string,
    next: Pick<NewKey, "id" | "digest" | "secretPrefix">,
    overlapMs: number,
  ): Promise<Key> {
    return this.#orm.transaction(inWorkspace(workspaceId), async (em) => {
      const old = toKey(await this.#known(em, workspaceId, id));
      const now = Date.now();
      const end = old.expireTime?.getTime() ?? Number.POSITIVE_INFINITY;
      if (old.revokeTime !== null || end <= now) {
        throw new DomainError("STATE_FORBIDS", `key ${id} is revoked or has expired`, { key_id: id });
      }
      const expireTime = new Date(Math.min(end, now + overlapMs));
      await this.#change(em, workspaceId, id, overlapMs === 0 ? { revokeTime: new Date(now) } : { expireTime });
      return insertKey(em, workspaceId, { ...old, ...next });
    });
  }

  #row(em: SqlEntityManager, workspaceId: string, id: string): Promise<KeyRow | null> {
    return em.findOne(KeyEntity, { ...this.#tenancy.criteria(workspaceId), id });
  }

  async #known(em: SqlEntityManager, workspaceId: string, id: string): Promise<KeyRow> {
    const row = await this.#row(em, workspaceId, id);
    if (row === null) {
      throw new DomainError("KEY_NOT_FOUND", `no key ${id}`, { key_id: id });
    }
    return row;
  }

  #change(em: SqlEntityManager, workspaceId: string, id: string, change: { revokeTime?: Date; expireTime?: Date }) {
    return em.nativeUpdate(KeyEntity, { ...this.#tenancy.criteria(workspaceId), id }, change);
  }
}

/** Adds a key; the workspace's first one goes in with the workspace. */
export async function insertKey(em: SqlEntityManager, workspaceId: string, key: NewKey): Promise<Key> {
  const row = {
    workspaceId,
    id: key.id,
    digest: Buffer.from(key.digest),
    displayName: key.displayName,
    secretPrefix: key.secretPrefix,
    scopes: [...key.scopes],
    agentId: key.agentId,
    volumeId: key.volumeId,
    expireTime: key.expireTime,
    revokeTime: null,
    createTime: new Date(),
  };
  await em.insert(KeyEntity, row);
  return toKey(row);
}

function toKey(row: Omit<KeyRow, "digest">): Key {
  return {
    id: row.id,
    workspaceId: row.workspaceId,
    displayName: row.displayName,
    secretPrefix: row.secretPrefix,
    scopes: row.scopes as KeyScope[],
    agentId: row.agentId ?? null,
    volumeId: row.volumeId ?? null,
    expireTime: row.expireTime ?? null,
    revokeTime: row.revokeTime ?? null,
    createTime: row.createTime,
  };
}

function toCredential(row: Row): Credential {
  return {
    id: row.id as string,
    workspaceId: row.workspace_id as string,
    displayName: row.display_name as string,
    secretPrefix: row.secret_prefix as string,
    scopes: row.scopes as KeyScope[],
    agentId: row.agent_id as string | null,
    volumeId: row.volume_id as string | null,
    expireTime: row.expire_time as Date | null,
    revokeTime: row.revoke_time as Date | null,
    createTime: row.create_time as Date,
    language: row.language as string,
  };
}
