import type { Caller, KeyScope } from "./caller.ts";
import { DomainError, type MetadataOf } from "./failure.ts";

/** What a key lets its holder do, see, and for how long. */
export interface Grant {
  readonly scopes: readonly KeyScope[];
  /** Null: every agent. */
  readonly agentId: string | null;
  /** Null: every volume. */
  readonly volumeId: string | null;
  /** Null: for ever. */
  readonly expireTime: Date | null;
}

export type Grantor = Pick<Caller, "scopes" | "agentId" | "boundToAgent" | "volumeId" | "expireTime">;

/**
 * Whoever ends up with a secret gains what its key holds: whether it is made anew, rotated, or the first of a workspace, it may
 * hold nothing that the caller's own key lacks. Throws SCOPE_NOT_GRANTABLE; metadata `scope` or `exceeds` says what goes beyond.
 */
export function requireGrantable(caller: Grantor, grant: Grant): void {
  const missing = grant.scopes.find((scope) => !caller.scopes.has(scope));
  if (missing !== undefined) {
    throw notGrantable(`the caller's key lacks the scope ${missing}`, { scope: missing });
  }
  if (caller.boundToAgent && grant.agentId !== caller.agentId) {
    throw notGrantable("the caller's key is bound to an agent, and the other is not bound to the same", {
      exceeds: "agent",
    });
  }
  if (caller.volumeId !== null && grant.volumeId !== caller.volumeId) {
    throw notGrantable("the caller's key is bound to a volume, and the other is not bound to the same", {
      exceeds: "volume_id",
    });
  }
  const end = caller.expireTime?.getTime() ?? Number.POSITIVE_INFINITY;
  if ((grant.expireTime?.getTime() ?? Number.POSITIVE_INFINITY) > end) {
    throw notGrantable("the caller's own key expires earlier", { exceeds: "expire_time" });
  }
}

function notGrantable(message: string, metadata: MetadataOf["SCOPE_NOT_GRANTABLE"]): DomainError {
  return new DomainError("SCOPE_NOT_GRANTABLE", message, metadata);
}
