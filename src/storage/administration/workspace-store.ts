import { UniqueConstraintViolationException } from "@mikro-orm/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import { isUuid } from "../../domain/agent.ts";
import { DomainError, invalidField } from "../../domain/failure.ts";
import type { Key } from "../../domain/key.ts";
import type { CallingKey, NewKey } from "../../domain/ports/key-store.ts";
import type { WorkspaceStore } from "../../domain/ports/workspace-store.ts";
import type { Workspace, WorkspaceSettings } from "../../domain/workspace.ts";
import type { OrmSession } from "../engine/orm-session.ts";
import { asOperator, type Session } from "../engine/session.ts";
import { sqlState } from "../engine/sql-failure.ts";
import type { Tenancy } from "../engine/tenancy.ts";
import { KeyEntity } from "./key-entity.ts";
import { insertKey, lockKeys, requireStillGrantable } from "./key-store.ts";
import { WorkspaceEntity, type WorkspaceRow } from "./workspace-entity.ts";
import { eraseWorkspace } from "./workspace-eraser.ts";

type NewWorkspace = { id: string; handle: string; displayName: string; settings: WorkspaceSettings };

/** Several processes that start at once make one root key. */
const ROOT_LOCK = "select pg_advisory_xact_lock(7342002)";
const UNDEFINED_OBJECT = "42704";

/** Workspaces, as the operator sees them: through the ORM, in no workspace. */
export class OrmWorkspaceStore implements WorkspaceStore {
  readonly #session: Session;
  readonly #orm: OrmSession;
  readonly #tenancy: Tenancy;

  constructor(session: Session, orm: OrmSession, tenancy: Tenancy) {
    this.#session = session;
    this.#orm = orm;
    this.#tenancy = tenancy;
  }

  create(
    { workspaceId, keyId }: CallingKey,
    workspace: NewWorkspace,
    key: NewKey,
  ): Promise<{ workspace: Workspace; key: Key }> {
    return inKnownLanguage(workspace.settings, () =>
      this.#orm.transaction(asOperator, async (em) => {
        const [calling] = await lockKeys(em, { workspaceId }, [keyId]);
        requireStillGrantable(calling, key);
        const row = await insertWorkspace(em, workspace);
        return { workspace: row, key: await insertKey(em, workspace.id, key) };
      }),
    );
  }

  find(ref: string): Promise<Workspace | null> {
    return this.#orm.transaction(asOperator, async (em) => {
      const row = await rowOf(em, ref);
      return row && toWorkspace(row);
    });
  }

  list(beforeId: string | null, limit: number): Promise<readonly Workspace[]> {
    return this.#orm.transaction(asOperator, async (em) => {
      const where = { deleteTime: null, ...(beforeId === null ? {} : { id: { $lt: beforeId } }) };
      const rows = await em.find(WorkspaceEntity, where, { orderBy: { id: "desc" }, limit });
      return rows.map(toWorkspace);
    });
  }

  update(ref: string, changes: { displayName?: string; settings?: WorkspaceSettings }): Promise<Workspace> {
    const { settings, displayName } = changes;
    return inKnownLanguage(settings, () =>
      this.#orm.transaction(asOperator, async (em) => {
        const row = await rowOf(em, ref);
        if (row === null) {
          throw workspaceNotFound(ref);
        }
        const named = displayName === undefined ? {} : { displayName };
        Object.assign(row, named, settings ?? {}, { updateTime: new Date() });
        await em.flush();
        return toWorkspace(row);
      }),
    );
  }

  async delete(ref: string, signal: AbortSignal, check: (id: string) => void): Promise<{ workspaceId: string }> {
    const workspaceId = await this.#orm.transaction(asOperator, async (em) => {
      const row = await em.findOne(WorkspaceEntity, byRef(ref));
      if (row === null) {
        throw workspaceNotFound(ref);
      }
      check(row.id);
      row.deleteTime ??= new Date();
      await em.flush();
      return row.id;
    });
    await eraseWorkspace(this.#session, this.#tenancy, workspaceId, signal);
    return { workspaceId };
  }

  ensureRoot(workspace: Omit<NewWorkspace, "displayName">, keys: readonly NewKey[], endOthers: boolean): Promise<void> {
    return this.#orm.transaction(asOperator, async (em) => {
      await em.execute(ROOT_LOCK);
      const existing = await rowOf(em, workspace.handle);
      const home = existing ?? (await insertWorkspace(em, { ...workspace, displayName: "" }));
      for (const key of keys) {
        await ensureRootKey(em, home.id, key);
      }
      if (endOthers) {
        const others = { digest: { $nin: keys.map(digestOf) }, scopes: { $contains: ["operator"] }, revokeTime: null };
        await em.nativeUpdate(KeyEntity, others, { revokeTime: new Date() });
      }
    });
  }
}

/** One that was revoked would otherwise stay dead whatever the server is configured with. */
async function ensureRootKey(em: SqlEntityManager, workspaceId: string, key: NewKey): Promise<void> {
  const digest = digestOf(key);
  const known = await em.findOne(KeyEntity, { digest });
  if (known === null) {
    await insertKey(em, workspaceId, key);
  } else if (!known.scopes.includes("operator")) {
    throw new DomainError("STATE_FORBIDS", `the root key is the secret of key ${known.id}, which is none`, {
      key_id: known.id,
    });
  } else {
    await em.nativeUpdate(KeyEntity, { digest }, { revokeTime: null, expireTime: null });
  }
}

function digestOf(key: NewKey): Buffer {
  return Buffer.from(key.digest);
}

async function insertWorkspace(em: SqlEntityManager, workspace: NewWorkspace): Promise<Workspace> {
  const { id, handle, displayName, settings } = workspace;
  const now = new Date();
  const row = { id, handle, displayName, ...settings, createTime: now, updateTime: now, deleteTime: null };
  try {
    await em.insert(WorkspaceEntity, row);
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException) {
      throw new DomainError("WORKSPACE_ALREADY_EXISTS", `handle is taken: ${handle}`, { handle }, error);
    }
    throw error;
  }
  return toWorkspace(row);
}

function byRef(ref: string): { id: string } | { handle: string } {
  return isUuid(ref) ? { id: ref.toLowerCase() } : { handle: ref };
}

/** One that is being deleted is gone already. */
function rowOf(em: SqlEntityManager, ref: string): Promise<WorkspaceRow | null> {
  return em.findOne(WorkspaceEntity, { ...byRef(ref), deleteTime: null });
}

function workspaceNotFound(ref: string): DomainError {
  return new DomainError("WORKSPACE_NOT_FOUND", `no workspace ${ref}`, { workspace: ref });
}

/** The database knows which text search configurations there are. */
async function inKnownLanguage<T>(settings: WorkspaceSettings | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (settings && sqlState(error) === UNDEFINED_OBJECT) {
      throw invalidField("settings.language", `the database has no text search configuration ${settings.language}`);
    }
    throw error;
  }
}

function toWorkspace(row: Omit<WorkspaceRow, "deleteTime">): Workspace {
  const { id, handle, displayName, language, retentionMs, createTime, updateTime } = row;
  return { id, handle, displayName, settings: { language, retentionMs: Number(retentionMs) }, createTime, updateTime };
}
