import { accessOf } from "../../domain/access.ts";
import type { Caller } from "../../domain/caller.ts";
import type { IdSource } from "../../domain/ports/id-source.ts";
import type { Mutation, RequestKey } from "../../domain/ports/memory-store.ts";

/** The stamp of a caller's mutation: one delta of its own. */
export function mutationOf(ids: IdSource, caller: Caller, request: RequestKey | null, signal: AbortSignal): Mutation {
  return {
    access: accessOf(caller),
    registersAgents: caller.registersAgents,
    keyId: caller.keyId,
    callId: caller.callId,
    api: caller.api,
    deltaId: ids.next(),
    request,
    signal,
  };
}
