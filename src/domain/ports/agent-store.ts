import type { Agent } from "../agent.ts";

export interface AgentStore {
  /** Throws AGENT_ALREADY_EXISTS where handle or id is taken. */
  create(workspaceId: string, agent: { id: string; handle: string; displayName: string }): Promise<Agent>;
  /** By UUID or handle; null: unknown. */
  find(workspaceId: string, ref: string): Promise<Agent | null>;
  list(workspaceId: string, beforeId: string | null, limit: number): Promise<readonly Agent[]>;
  /** Throws AGENT_NOT_FOUND, AGENT_ALREADY_EXISTS. */
  update(workspaceId: string, ref: string, changes: { handle?: string; displayName?: string }): Promise<Agent>;
  /** Deletes the agent and revokes its keys, in one transaction; its memories stay. Throws AGENT_NOT_FOUND. */
  delete(workspaceId: string, ref: string): Promise<{ agentId: string; revokedKeys: number }>;
}
