import type { Caller } from "./caller.ts";
import type { Access } from "./ports/memory-store.ts";

/** The eyes that a caller reads with. */
export function accessOf(caller: Caller): Access {
  return { workspaceId: caller.workspaceId, agentId: caller.agentId, volumeId: caller.volumeId };
}
