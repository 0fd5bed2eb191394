import { agentNotFound } from "../../domain/agent-not-found.ts";
import type { Caller, KeyScope } from "../../domain/caller.ts";
import { DomainError, invalidField } from "../../domain/failure.ts";
import { requireGrantable } from "../../domain/grant.ts";
import type { Key } from "../../domain/key.ts";
import { cutPage, type Page, pageSizeOf } from "../../domain/page.ts";
import type { AgentStore } from "../../domain/ports/agent-store.ts";
import type { IdSource } from "../../domain/ports/id-source.ts";
import type { KeyStore } from "../../domain/ports/key-store.ts";
import type { SecretSource } from "../../domain/ports/secret-source.ts";
import { mintKey } from "./mint-key.ts";

export interface KeyDeps {
  readonly keys: KeyStore;
  readonly agents: AgentStore;
  readonly ids: IdSource;
  readonly secrets: SecretSource;
  /** Told after a change that makes what is known of keys out of date. */
  readonly forget: () => void;
}

export interface CreateKeyInput {
  readonly displayName: string;
  readonly scopes: readonly KeyScope[];
  /** UUID or handle; null: the whole workspace. */
  readonly agent: string | null;
  readonly volumeId: string | null;
  readonly expireTime: Date | null;
  readonly prefix: string;
}

/** A key and its secret, which nothing can show again. */
export interface MintedKey {
  readonly key: Key;
  readonly secret: string;
}

export async function createKey(deps: KeyDeps, caller: Caller, input: CreateKeyInput): Promise<MintedKey> {
  if (input.scopes.includes("admin") && (input.agent !== null || input.volumeId !== null)) {
    throw invalidField("scopes", "admin is for keys that are bound to no agent and no volume");
  }
  const agentId = input.agent === null ? null : await agentIdOf(deps, caller, input.agent);
  requireGrantable(caller, { ...input, agentId });
  if (input.volumeId !== null) {
    throw new DomainError("VOLUME_NOT_FOUND", `no volume ${input.volumeId}`, { volume_id: input.volumeId });
  }
  const minted = mintKey(deps, { ...input, agentId });
  return { key: await deps.keys.create(caller, minted.key), secret: minted.secret };
}

async function agentIdOf(deps: KeyDeps, caller: Caller, ref: string): Promise<string> {
  const agent = await deps.agents.find(caller.workspaceId, ref);
  if (agent === null) {
    throw agentNotFound(ref);
  }
  return agent.id;
}

export async function listKeys(
  deps: KeyDeps,
  caller: Caller,
  input: { readonly pageSize: number; readonly beforeId: string | null },
): Promise<Page<Key>> {
  const size = pageSizeOf(input.pageSize);
  return cutPage(await deps.keys.list(caller.workspaceId, input.beforeId, size + 1), size);
}

/** A root key ends by the hand of who holds one, as nobody else could bring it back before the next start. */
export async function revokeKey(deps: KeyDeps, caller: Caller, id: string): Promise<Key> {
  requireOperatorFor(caller, await deps.keys.get(caller.workspaceId, id));
  const key = await deps.keys.revoke(caller.workspaceId, id);
  deps.forget();
  return key;
}

export interface RotateKeyInput {
  readonly id: string;
  readonly overlapMs: number;
}

/** The root key is rotated in the environment that names it, not here, as it would come back at the next start. */
export async function rotateKey(deps: KeyDeps, caller: Caller, input: RotateKeyInput): Promise<MintedKey> {
  let secret = "";
  const key = await deps.keys.rotate(caller, input.id, input.overlapMs, (old) => {
    requireOperatorFor(caller, old);
    if (old.scopes.includes("operator")) {
      throw new DomainError("STATE_FORBIDS", "the root key is changed where the server is configured", {
        key_id: input.id,
      });
    }
    requireGrantable(caller, old);
    const minted = mintKey(deps, { ...old, prefix: old.secretPrefix.slice(0, -4) });
    secret = minted.secret;
    return minted.key;
  });
  deps.forget();
  return { key, secret };
}

function requireOperatorFor(caller: Caller, key: Key | null): void {
  if (key?.scopes.includes("operator") && !caller.scopes.has("operator")) {
    throw new DomainError("SCOPE_MISSING", "a root key is changed with the scope operator alone", {
      scope: "operator",
    });
  }
}
