import type { Key } from "../key.ts";
import type { Workspace, WorkspaceSettings } from "../workspace.ts";
import type { NewKey } from "./key-store.ts";

/** Workspaces, across tenants: for operator calls and start-up alone. */
export interface WorkspaceStore {
  /** Makes the workspace and its first key in one transaction. Throws WORKSPACE_ALREADY_EXISTS; INVALID_FIELD for an unknown language. */
  create(
    workspace: { id: string; handle: string; displayName: string; settings: WorkspaceSettings },
    key: NewKey,
  ): Promise<{ workspace: Workspace; key: Key }>;
  find(ref: string): Promise<Workspace | null>;
  list(beforeId: string | null, limit: number): Promise<readonly Workspace[]>;
  /** Throws WORKSPACE_NOT_FOUND; INVALID_FIELD for an unknown language. */
  update(ref: string, changes: { displayName?: string; settings?: WorkspaceSettings }): Promise<Workspace>;
  /** Marks the workspace as deleted, so that its keys stop at once, then erases it in batches. Throws WORKSPACE_NOT_FOUND. */
  delete(ref: string, signal: AbortSignal): Promise<{ workspaceId: string }>;
  /**
   * Start-up: makes workspace `default` and the root key where they are not there. Idempotent, safe in several processes at once.
   * A digest that is already some key's changes nothing.
   */
  ensureRoot(workspace: { id: string; handle: string; settings: WorkspaceSettings }, key: NewKey): Promise<void>;
}
