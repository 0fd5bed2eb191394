import { LockMode, UniqueConstraintViolationException } from "@mikro-orm/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import { type Agent, isUuid } from "../../domain/agent.ts";
import { agentNotFound } from "../../domain/agent-not-found.ts";
import { DomainError } from "../../domain/failure.ts";
import type { AgentStore } from "../../domain/ports/agent-store.ts";
import type { OrmSession } from "../engine/orm-session.ts";
import { inWorkspace } from "../engine/session.ts";
import type { Tenancy } from "../engine/tenancy.ts";
import { AgentEntity, type AgentRow } from "./agent-entity.ts";
import { KeyEntity } from "./key-entity.ts";

/** Agents of one workspace at a time, through the ORM: none of this is on a hot path. */
export class OrmAgentStore implements AgentStore {
  readonly #orm: OrmSession;
  readonly #tenancy: Tenancy;

  constructor(orm: OrmSession, tenancy: Tenancy) {
    this.#orm = orm;
    this.#tenancy = tenancy;
  }

  create(workspaceId: string, agent: { id: string; handle: string; displayName: string }): Promise<Agent> {
    return this.#unlessTaken(agent.handle, () =>
      this.#orm.transaction(inWorkspace(workspaceId), async (em) => {
        const now = new Date();
        const row = { workspaceId, ...agent, createTime: now, updateTime: now };
        await em.insert(AgentEntity, row);
        return toAgent(row);
      }),
    );
  }

  find(workspaceId: string, ref: string): Promise<Agent | null> {
    return this.#orm.transaction(inWorkspace(workspaceId), async (em) => {
      const row = await this.#row(em, workspaceId, ref);
      return row && toAgent(row);
    });
  }

  list(workspaceId: string, beforeId: string | null, limit: number): Promise<readonly Agent[]> {
    return this.#orm.transaction(inWorkspace(workspaceId), async (em) => {
      const where = { ...this.#tenancy.criteria(workspaceId), ...(beforeId === null ? {} : { id: { $lt: beforeId } }) };
      const rows = await em.find(AgentEntity, where, { orderBy: { id: "desc" }, limit });
      return rows.map(toAgent);
    });
  }

  update(workspaceId: string, ref: string, changes: { handle?: string; displayName?: string }): Promise<Agent> {
    return this.#unlessTaken(changes.handle ?? "", () =>
      this.#orm.transaction(inWorkspace(workspaceId), async (em) => {
        const row = await this.#registered(em, workspaceId, ref);
        Object.assign(row, changes, { updateTime: new Date() });
        await em.flush();
        return toAgent(row);
      }),
    );
  }

  delete(workspaceId: string, ref: string): Promise<{ agentId: string; revokedKeys: number }> {
    return this.#orm.transaction(inWorkspace(workspaceId), async (em) => {
      // Locked first: a key that is being made for the agent is then there to be revoked, or is not made.
      const { id } = await this.#registered(em, workspaceId, ref, LockMode.PESSIMISTIC_WRITE);
      const own = this.#tenancy.criteria(workspaceId);
      const keys = { ...own, agentId: id, revokeTime: null };
      const revokedKeys = await em.nativeUpdate(KeyEntity, keys, { revokeTime: new Date() });
      await em.nativeDelete(AgentEntity, { ...own, id });
      return { agentId: id, revokedKeys };
    });
  }

  #row(
    em: SqlEntityManager,
    workspaceId: string,
    ref: string,
    lockMode: LockMode = LockMode.NONE,
  ): Promise<AgentRow | null> {
    const which = isUuid(ref) ? { id: ref.toLowerCase() } : { handle: ref };
    return em.findOne(AgentEntity, { ...this.#tenancy.criteria(workspaceId), ...which }, { lockMode });
  }

  async #registered(
    em: SqlEntityManager,
    workspaceId: string,
    ref: string,
    lockMode: LockMode = LockMode.NONE,
  ): Promise<AgentRow> {
    const row = await this.#row(em, workspaceId, ref, lockMode);
    if (row === null) {
      throw agentNotFound(ref);
    }
    return row;
  }

  async #unlessTaken<T>(handle: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof UniqueConstraintViolationException) {
        throw new DomainError("AGENT_ALREADY_EXISTS", `handle or id is taken: ${handle}`, { handle }, error);
      }
      throw error;
    }
  }
}

function toAgent(row: Omit<AgentRow, "workspaceId">): Agent {
  const { id, handle, displayName, createTime, updateTime } = row;
  return { id, handle, displayName, createTime, updateTime };
}
