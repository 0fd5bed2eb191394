import type { Caller } from "../../domain/caller.ts";
import { DomainError } from "../../domain/failure.ts";

/** Owner of a write: the key's agent, else the one given, else the header's, else none; two that differ are refused. */
export function ownerOf(caller: Caller, given: string | null): string | null {
  if (given !== null && caller.agentId !== null && given !== caller.agentId) {
    const named = caller.boundToAgent ? "the key is bound to" : "the cairn-agent header names";
    throw new DomainError("AGENT_MISMATCH", `agent_id ${given} is not the agent that ${named}`, { agent: given });
  }
  return caller.agentId ?? given;
}
