import type { KeyScope } from "../caller.ts";
import type { Credential, Key } from "../key.ts";

export interface NewKey {
  readonly id: string;
  /** SHA-256 of the secret. */
  readonly digest: Uint8Array;
  readonly displayName: string;
  readonly secretPrefix: string;
  readonly scopes: readonly KeyScope[];
  readonly agentId: string | null;
  readonly volumeId: string | null;
  readonly expireTime: Date | null;
}

/** The key that a call was authenticated with. */
export interface CallingKey {
  readonly workspaceId: string;
  readonly keyId: string;
}

export interface KeyStore {
  /** Through the security-definer function `authenticate`; null: no such digest, revoked, or its workspace is being deleted. Those of one moment share statements. */
  authenticate(digest: Uint8Array): Promise<Credential | null>;
  /**
   * In one transaction with a look at the caller's own key, so that one that was revoked a moment ago leaves no other behind.
   * Throws CREDENTIALS_INVALID, CREDENTIALS_EXPIRED; AGENT_NOT_FOUND where the key's agent is gone.
   */
  create(caller: CallingKey, key: NewKey): Promise<Key>;
  get(workspaceId: string, id: string): Promise<Key | null>;
  list(workspaceId: string, beforeId: string | null, limit: number): Promise<readonly Key[]>;
  /** Throws KEY_NOT_FOUND. Keeps the first revoke_time. */
  revoke(workspaceId: string, id: string): Promise<Key>;
  /**
   * Adds what `next` makes of the old key, and lets that one expire after `overlapMs` (0: revoked now), in one transaction like
   * `create`'s. Throws KEY_NOT_FOUND, STATE_FORBIDS and what `next` throws, having changed nothing.
   */
  rotate(caller: CallingKey, id: string, overlapMs: number, next: (old: Key) => NewKey): Promise<Key>;
}
