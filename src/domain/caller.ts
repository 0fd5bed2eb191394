export type KeyScope = "memory:read" | "memory:write" | "delta:apply" | "admin" | "operator";

/** Who asks, as authenticated. */
export interface Caller {
  readonly workspaceId: string;
  readonly keyId: string;
  readonly scopes: ReadonlySet<KeyScope>;
  /** The agent whose view the caller has: the key's, or the one that a workspace-wide key names. Null: all of the workspace. */
  readonly agentId: string | null;
  /** True where the agent is the key's own, so that naming another is refused. */
  readonly boundToAgent: boolean;
  /** True where a write may register its owner on the spot: a workspace-wide key that names no agent by its handle. */
  readonly registersAgents: boolean;
  /** The volume that the key is bound to; null: every volume. */
  readonly volumeId: string | null;
  /** When the key stops working; null: never. */
  readonly expireTime: Date | null;
  /** The call's id, for logs and revisions. */
  readonly callId: string;
  /** `native`, or the dialect that the call came through. */
  readonly api: string;
  /** Language of the workspace's text search, a Postgres configuration such as `english`. */
  readonly language: string;
}
