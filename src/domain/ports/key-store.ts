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

export interface KeyStore {
  /** Through the security-definer function `authenticate`; null: no such digest, revoked, or its workspace is being deleted. */
  authenticate(digest: Uint8Array): Promise<Credential | null>;
  create(workspaceId: string, key: NewKey): Promise<Key>;
  get(workspaceId: string, id: string): Promise<Key | null>;
  list(workspaceId: string, beforeId: string | null, limit: number): Promise<readonly Key[]>;
  /** Throws KEY_NOT_FOUND. Keeps the first revoke_time. */
  revoke(workspaceId: string, id: string): Promise<Key>;
  /** Adds `next` and lets the old key expire after `overlapMs` (0: revoked now), in one transaction. Throws KEY_NOT_FOUND, STATE_FORBIDS. */
  rotate(
    workspaceId: string,
    id: string,
    next: Pick<NewKey, "id" | "digest" | "secretPrefix">,
    overlapMs: number,
  ): Promise<Key>;
}
