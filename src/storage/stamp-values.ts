import type { Mutation } from "../domain/ports/memory-store.ts";
import type { Value } from "./session.ts";

/** Who makes a change, for its revision row: key, agent, door, delta, request, call. */
export function stampValues(mutation: Mutation): readonly Value[] {
  return [
    mutation.keyId,
    mutation.access.agentId,
    mutation.door,
    mutation.deltaId,
    mutation.request?.requestId ?? null,
    mutation.callId,
  ];
}
