import { LockMode } from "@mikro-orm/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import { agentNotFound } from "../../domain/agent-not-found.ts";
import type { KeyScope } from "../../domain/caller.ts";
import { DomainError } from "../../domain/failure.ts";
import { requireGrantable } from "../../domain/grant.ts";
import type { Credential, Key } from "../../domain/key.ts";
import type { CallingKey, KeyStore, NewKey } from "../../domain/ports/key-store.ts";
import type { OrmSession } from "../engine/orm-session.ts";
import { inWorkspace, type Row, type Session } from "../engine/session.ts";
import type { Tenancy } from "../engine/tenancy.ts";
import { AgentEntity } from "./agent-entity.ts";
import { KeyEntity, type KeyRow } from "./key-entity.ts";
import { KeyLookup } from "./key-lookup.ts";

/** Keys: looked up by digest on the hot path, managed through the ORM. */
export class SqlKeyStore implements KeyStore {
  readonly #lookup: KeyLookup;
  readonly #orm: OrmSession;
  readonly #tenancy: Tenancy;

  constructor(session: Session, orm: OrmSession, tenancy: Tenancy) {
    this.#lookup = new KeyLookup(session);
    this.#orm = orm;
    this.#tenancy = tenancy;
  }

  async authenticate(digest: Uint8Array): Promise<Credential | null> {
    const row = await this.#lookup.find(digest);
    return row && toCredential(row);
  }

  create(caller: CallingKey, key: NewKey): Promise<Key> {
    const { workspaceId, keyId } = caller;
    return this.#orm.transaction(inWorkspace(workspaceId), async (em) => {
      await this.#holdAgent(em, workspaceId, key.agentId);
      const [calling] = await lockKeys(em, this.#tenancy.criteria(workspaceId), [keyId]);
      requireStillGrantable(calling, key);
      return insertKey(em, workspaceId, key);
    });
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
      const [row] = await lockKeys(em, this.#tenancy.criteria(workspaceId), [id]);
      if (row === undefined) {
        throw keyNotFound(id);
      }
      const revokeTime = row.revokeTime ?? new Date();
      await this.#change(em, workspaceId, id, { revokeTime });
      return toKey({ ...row, revokeTime });
    });
  }

  rotate(caller: CallingKey, id: string, overlapMs: number, next: (old: Key) => NewKey): Promise<Key> {
    const { workspaceId, keyId } = caller;
    return this.#orm.transaction(inWorkspace(workspaceId), async (em) => {
      const known = await this.#row(em, workspaceId, id);
      await this.#holdAgent(em, workspaceId, known?.agentId ?? null);
      const locked = await lockKeys(em, this.#tenancy.criteria(workspaceId), [keyId, id]);
      const row = locked.find((one) => one.id === id);
      if (row === undefined) {
        throw keyNotFound(id);
      }
      const old = toKey(row);
      const key = next(old);
      requireStillGrantable(
        locked.find((one) => one.id === keyId),
        key,
      );
      const now = Date.now();
      const end = old.expireTime?.getTime() ?? Number.POSITIVE_INFINITY;
      if (old.revokeTime !== null || end <= now) {
        throw new DomainError("STATE_FORBIDS", `key ${id} is revoked or has expired`, { key_id: id });
      }
      const expireTime = new Date(Math.min(end, now + overlapMs));
      await this.#change(em, workspaceId, id, overlapMs === 0 ? { revokeTime: new Date(now) } : { expireTime });
      return insertKey(em, workspaceId, key);
    });
  }

  /** Keeps the agent from being deleted before the transaction ends, so that its deletion meets the new key. */
  async #holdAgent(em: SqlEntityManager, workspaceId: string, agentId: string | null): Promise<void> {
    if (agentId === null) {
      return;
    }
    const where = { ...this.#tenancy.criteria(workspaceId), id: agentId };
    if ((await em.findOne(AgentEntity, where, { lockMode: LockMode.PESSIMISTIC_READ })) === null) {
      throw agentNotFound(agentId);
    }
  }

  #row(em: SqlEntityManager, workspaceId: string, id: string): Promise<KeyRow | null> {
    return em.findOne(KeyEntity, { ...this.#tenancy.criteria(workspaceId), id });
  }

  #change(em: SqlEntityManager, workspaceId: string, id: string, change: { revokeTime?: Date; expireTime?: Date }) {
    return em.nativeUpdate(KeyEntity, { ...this.#tenancy.criteria(workspaceId), id }, change);
  }
}

/** Locks keys in the order of their ids, so that two who change the same ones wait for each other. What is not there is left out. */
export function lockKeys(
  em: SqlEntityManager,
  workspace: { workspaceId?: string },
  ids: readonly string[],
): Promise<KeyRow[]> {
  const where = { ...workspace, id: { $in: [...ids] } };
  const options = { orderBy: { id: "asc" }, lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;
  return em.find(KeyEntity, where, options);
}

/**
 * The caller was authenticated up to a second ago, and its key may have been revoked or given an earlier end since: what it
 * makes is held to the key as it is now, in the same transaction.
 */
export function requireStillGrantable(calling: KeyRow | undefined, key: NewKey): void {
  if (calling === undefined || calling.revokeTime) {
    throw new DomainError("CREDENTIALS_INVALID", "the key is unknown or revoked");
  }
  if (calling.expireTime && calling.expireTime.getTime() <= Date.now()) {
    throw new DomainError("CREDENTIALS_EXPIRED", "the key has expired");
  }
  const { scopes, agentId, volumeId, expireTime } = toKey(calling);
  requireGrantable({ scopes: new Set(scopes), agentId, boundToAgent: agentId !== null, volumeId, expireTime }, key);
}

function keyNotFound(id: string): DomainError {
  return new DomainError("KEY_NOT_FOUND", `no key ${id}`, { key_id: id });
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
