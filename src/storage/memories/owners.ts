import { handleOf } from "../../domain/agent.ts";
import { agentNotFound } from "../../domain/agent-not-found.ts";
import type { Mutation } from "../../domain/ports/memory-store.ts";
import { arrayLiteral } from "../engine/array-literal.ts";
import type { Statement, Transaction } from "../engine/session.ts";
import type { Tenancy } from "../engine/tenancy.ts";

const REGISTER: Statement = {
  name: "agent_register",
  // In one order, as two batches with the same new owners would else wait for each other.
  text: `insert into agent (workspace_id, id, handle)
    select $1::uuid, x.id, x.handle from unnest($2::uuid[], $3::text[]) x(id, handle) order by x.id on conflict do nothing`,
};

function absent(tenancy: Tenancy): Statement {
  return {
    name: "agent_absent",
    text: `select x.id from unnest($2::uuid[]) x(id)
      where not exists (select from agent a where ${tenancy.of("a")} and a.id = x.id)`,
  };
}

/**
 * The owners of what is about to be written are registered, or were. The write's own statement looks again, as an agent may be
 * deleted by another process at any time, and this is remembered by nobody. Throws AGENT_NOT_FOUND.
 */
export async function ensureOwners(
  tx: Transaction,
  tenancy: Tenancy,
  mutation: Mutation,
  ids: ReadonlySet<string>,
): Promise<void> {
  if (ids.size === 0) {
    return;
  }
  const { workspaceId } = mutation.access;
  const owners = [...ids];
  if (mutation.registersAgents) {
    await tx.query(REGISTER, [workspaceId, arrayLiteral(owners), arrayLiteral(owners.map(handleOf))]);
    return;
  }
  const [missing] = await tx.query(absent(tenancy), [workspaceId, arrayLiteral(owners)]);
  if (missing !== undefined) {
    throw agentNotFound(missing.id as string);
  }
}
