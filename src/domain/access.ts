import type { Caller } from "./caller.ts";
import type { Access } from "./ports/memory-store.ts";

/** The principal that a caller reads as. */
export function accessOf(caller: Caller): Access {
  return { workspaceId: caller.workspaceId, agentId: caller.agentId, volumeId: caller.volumeId };
}
