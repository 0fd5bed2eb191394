import type { Key } from "../key.ts";
import type { Workspace, WorkspaceSettings } from "../workspace.ts";
import type { CallingKey, NewKey } from "./key-store.ts";

/** Workspaces, across tenants: for operator calls and start-up alone. */
export interface WorkspaceStore {
  /**
   * Makes the workspace and its first key in one transaction, with a look at the caller's own key. Throws CREDENTIALS_INVALID,
   * CREDENTIALS_EXPIRED; WORKSPACE_ALREADY_EXISTS; INVALID_FIELD for an unknown language.
   */
  create(
    caller: CallingKey,
    workspace: { id: string; handle: string; displayName: string; settings: WorkspaceSettings },
    key: NewKey,
  ): Promise<{ workspace: Workspace; key: Key }>;
  find(ref: string): Promise<Workspace | null>;
  list(beforeId: string | null, limit: number): Promise<readonly Workspace[]>;
  /** Throws WORKSPACE_NOT_FOUND; INVALID_FIELD for an unknown language. */
  update(ref: string, changes: { displayName?: string; settings?: WorkspaceSettings }): Promise<Workspace>;
  /**
   * Marks the workspace as deleted, so that its keys stop and nothing is written into it any more, then erases it in batches;
   * where it is marked already, it goes on. Throws WORKSPACE_NOT_FOUND once nothing is left, and what `check` throws of its id.
   */
  delete(ref: string, signal: AbortSignal, check: (id: string) => void): Promise<{ workspaceId: string }>;
  /**
   * Start-up: makes workspace `default` and the root keys where they are not there, and brings those back to life that were
   * revoked; with `endOthers` it revokes every other root key. Idempotent, safe in several processes at once.
   * Throws STATE_FORBIDS where one of them is the secret of a key without the scope operator.
   */
  ensureRoot(
    workspace: { id: string; handle: string; settings: WorkspaceSettings },
    keys: readonly NewKey[],
    endOthers: boolean,
  ): Promise<void>;
}
