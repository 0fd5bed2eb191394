import { handleOf } from "../domain/agent.ts";
import type { Statement, Transaction } from "./session.ts";

const TTL_MS = 60_000;
const MOST = 10_000;

const REGISTER: Statement = {
  name: "agent_register",
  text: `insert into agent (workspace_id, id, handle) values ($1::uuid, $2::uuid, $3::text) on conflict do nothing`,
};

/**
 * Agents that this process has seen registered, for a minute at most, so that a write pays for the registration of its owner
 * only when that may be needed.
 */
export class KnownAgents {
  readonly #until = new Map<string, number>();

  isKnown(workspaceId: string, agentId: string): boolean {
    const until = this.#until.get(`${workspaceId} ${agentId}`);
    return until !== undefined && until > Date.now();
  }

  /** Registers the agent in the transaction; `remember` is for after its commit. */
  async register(tx: Transaction, workspaceId: string, agentId: string): Promise<void> {
    await tx.query(REGISTER, [workspaceId, agentId, handleOf(agentId)]);
  }

  remember(workspaceId: string, agentId: string): void {
    if (this.#until.size >= MOST) {
      this.#until.clear();
    }
    this.#until.set(`${workspaceId} ${agentId}`, Date.now() + TTL_MS);
  }

  forget(workspaceId: string, agentId: string): void {
    this.#until.delete(`${workspaceId} ${agentId}`);
  }
}
