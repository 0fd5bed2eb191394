import type { Agent } from "../../domain/agent.ts";
import { agentNotFound } from "../../domain/agent-not-found.ts";
import type { Caller } from "../../domain/caller.ts";
import { invalidField } from "../../domain/failure.ts";
import { cutPage, type Page, pageSizeOf } from "../../domain/page.ts";
import type { AgentStore } from "../../domain/ports/agent-store.ts";
import type { IdSource } from "../../domain/ports/id-source.ts";

export interface AgentDeps {
  readonly agents: AgentStore;
  readonly ids: IdSource;
  /** Told after a change that makes what is known of keys and agents out of date. */
  readonly forget: () => void;
}

export interface CreateAgentInput {
  readonly id: string | null;
  readonly handle: string;
  readonly displayName: string;
}

export async function createAgent(deps: AgentDeps, caller: Caller, input: CreateAgentInput): Promise<Agent> {
  const { handle, displayName } = input;
  return await deps.agents.create(caller.workspaceId, { id: input.id ?? deps.ids.next(), handle, displayName });
}

export async function getAgent(deps: AgentDeps, caller: Caller, ref: string): Promise<Agent> {
  const agent = await deps.agents.find(caller.workspaceId, ref);
  if (agent === null) {
    throw agentNotFound(ref);
  }
  return agent;
}

export async function listAgents(
  deps: AgentDeps,
  caller: Caller,
  input: { readonly pageSize: number; readonly beforeId: string | null },
): Promise<Page<Agent>> {
  const size = pageSizeOf(input.pageSize);
  return cutPage(await deps.agents.list(caller.workspaceId, input.beforeId, size + 1), size);
}

export interface AgentChanges {
  readonly handle?: string;
  readonly displayName?: string;
}

export async function updateAgent(deps: AgentDeps, caller: Caller, ref: string, changes: AgentChanges): Promise<Agent> {
  if (changes.handle === "") {
    throw invalidField("changes.handle", "must not be empty");
  }
  const agent = await deps.agents.update(caller.workspaceId, ref, changes);
  deps.forget();
  return agent;
}

export async function deleteAgent(
  deps: AgentDeps,
  caller: Caller,
  ref: string,
): Promise<{ agentId: string; revokedKeys: number }> {
  const deleted = await deps.agents.delete(caller.workspaceId, ref);
  deps.forget();
  return deleted;
}
