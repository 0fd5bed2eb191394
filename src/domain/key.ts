import type { KeyScope } from "./caller.ts";

/** A credential without its secret. */
export interface Key {
  readonly id: string;
  readonly workspaceId: string;
  readonly displayName: string;
  readonly secretPrefix: string;
  readonly scopes: readonly KeyScope[];
  readonly agentId: string | null;
  readonly volumeId: string | null;
  readonly expireTime: Date | null;
  readonly revokeTime: Date | null;
  readonly createTime: Date;
}

/** What `authenticate` finds behind a secret's digest. */
export interface Credential extends Key {
  readonly language: string;
}
