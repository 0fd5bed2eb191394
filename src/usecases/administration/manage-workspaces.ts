import type { Caller, KeyScope } from "../../domain/caller.ts";
import { atRoot, DomainError } from "../../domain/failure.ts";
import { requireGrantable } from "../../domain/grant.ts";
import type { Key } from "../../domain/key.ts";
import { cutPage, type Page, pageSizeOf } from "../../domain/page.ts";
import type { IdSource } from "../../domain/ports/id-source.ts";
import type { SecretSource } from "../../domain/ports/secret-source.ts";
import type { WorkspaceStore } from "../../domain/ports/workspace-store.ts";
import { DEFAULT_SETTINGS, type Workspace, type WorkspaceSettings } from "../../domain/workspace.ts";
import { DEFAULT_KEY_PREFIX, keyOfSecret, mintKey } from "./mint-key.ts";

export interface WorkspaceDeps {
  readonly workspaces: WorkspaceStore;
  readonly ids: IdSource;
  readonly secrets: SecretSource;
  /** Told after a change that makes what is known of keys out of date. */
  readonly forget: () => void;
}

/** Every scope but operator, which the root key alone holds. */
const WORKSPACE_SCOPES: readonly KeyScope[] = ["memory:read", "memory:write", "delta:apply", "admin"];

export interface CreateWorkspaceInput {
  readonly handle: string;
  readonly displayName: string;
  readonly settings: WorkspaceSettings;
}

export async function createWorkspace(
  deps: WorkspaceDeps,
  caller: Caller,
  input: CreateWorkspaceInput,
): Promise<{ workspace: Workspace; key: Key; secret: string }> {
  const grant = { ...unbound("first key"), scopes: WORKSPACE_SCOPES };
  requireGrantable(caller, grant);
  const { key, secret } = mintKey(deps, { ...grant, prefix: "" });
  const made = await deps.workspaces.create(caller, { id: deps.ids.next(), ...input }, key);
  return { ...made, secret };
}

export async function getWorkspace(deps: WorkspaceDeps, ref: string): Promise<Workspace> {
  const workspace = await deps.workspaces.find(ref);
  if (workspace === null) {
    throw new DomainError("WORKSPACE_NOT_FOUND", `no workspace ${ref}`, { workspace: ref });
  }
  return workspace;
}

export async function listWorkspaces(
  deps: WorkspaceDeps,
  input: { readonly pageSize: number; readonly beforeId: string | null },
): Promise<Page<Workspace>> {
  const size = pageSizeOf(input.pageSize);
  return cutPage(await deps.workspaces.list(input.beforeId, size + 1), size);
}

export interface WorkspaceChanges {
  readonly displayName?: string;
  readonly settings?: WorkspaceSettings;
}

export async function updateWorkspace(deps: WorkspaceDeps, ref: string, changes: WorkspaceChanges): Promise<Workspace> {
  const workspace = await deps.workspaces.update(ref, changes).catch((error) => {
    throw error instanceof DomainError ? atRoot(error, "settings", "changes.settings") : error;
  });
  deps.forget();
  return workspace;
}

/** A repeat while the erasing goes on, or after it was cut short, goes on with it. */
export async function deleteWorkspace(
  deps: WorkspaceDeps,
  caller: Caller,
  ref: string,
  signal: AbortSignal,
): Promise<{ workspaceId: string }> {
  try {
    return await deps.workspaces.delete(ref, signal, (id) => {
      if (id === caller.workspaceId) {
        throw new DomainError("STATE_FORBIDS", "a key cannot delete its own workspace", { workspace: ref });
      }
    });
  } finally {
    deps.forget();
  }
}

const ROOT_HANDLE = "default";
const ROOT_SCOPES: readonly KeyScope[] = [...WORKSPACE_SCOPES, "operator"];

export interface RootKeys {
  /** At least one. */
  readonly secrets: readonly string[];
  /** They are all that there are: the environment named them, and a former one ends. */
  readonly endOthers: boolean;
}

/** Start-up: workspace `default` and the root keys, where they are not there or not alive. */
export async function ensureRoot(deps: WorkspaceDeps, { secrets, endOthers }: RootKeys): Promise<void> {
  const keys = secrets.map((secret) => {
    const prefixLength = secret.startsWith(DEFAULT_KEY_PREFIX) ? DEFAULT_KEY_PREFIX.length : 0;
    return keyOfSecret(deps, { ...unbound("root"), scopes: ROOT_SCOPES }, secret, prefixLength);
  });
  const home = { id: deps.ids.next(), handle: ROOT_HANDLE, settings: DEFAULT_SETTINGS };
  await deps.workspaces.ensureRoot(home, keys, endOthers);
}

function unbound(displayName: string) {
  return { displayName, agentId: null, volumeId: null, expireTime: null };
}
