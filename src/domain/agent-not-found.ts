import { DomainError } from "./failure.ts";

/** No agent of the workspace has this UUID or handle. */
export function agentNotFound(ref: string): DomainError {
  return new DomainError("AGENT_NOT_FOUND", `no agent ${ref}`, { agent: ref });
}
