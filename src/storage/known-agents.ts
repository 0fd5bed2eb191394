import { handleOf } from "../domain/agent.ts";
import { arrayLiteral } from "./array-literal.ts";
import type { Statement, Transaction } from "./session.ts";

const TTL_MS = 60_000;
const MOST = 10_000;

const REGISTER: Statement = {
  name: "agent_register",
  // In one order, as two batches with the same new owners would else wait for each other.
  text: `insert into agent (workspace_id, id, handle)
    select $1::uuid, x.id, x.handle from unnest($2::uuid[], $3::text[]) x(id, handle) order by x.id on conflict do nothing`,
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

  /** Registers those that are not known in the transaction; `remember` is for after its commit. */
  async register(tx: Transaction, workspaceId: string, agentIds: Iterable<string>): Promise<void> {
    const unknown = [...agentIds].filter((agentId) => !this.isKnown(workspaceId, agentId));
    if (unknown.length > 0) {
      await tx.query(REGISTER, [workspaceId, arrayLiteral(unknown), arrayLiteral(unknown.map(handleOf))]);
    }
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
