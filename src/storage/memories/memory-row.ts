import type { Memory, Revision } from "../../domain/memory.ts";
import type { Row } from "../engine/session.ts";
import { CHANGES } from "./codes.ts";
import { SHOWN, STATE } from "./memory-entity.ts";

/** Columns that make a Memory, of a table's alias. */
export function memoryColumns(alias: string): string {
  return SHOWN.map((column) => `${alias}.${column.name}`).join(", ");
}

/** SQL of a revision's `state`, from a row of memory. */
export function stateOf(alias: string): string {
  return `jsonb_build_object(${STATE.map(({ name }) => `'${name}', ${alias}.${name}`).join(", ")})`;
}

/** A row of `memoryColumns`. */
export function toMemory(row: Row): Memory {
  const memory: Record<string, unknown> = {};
  for (const { field, name, type } of SHOWN) {
    const stored = row[name];
    memory[field] = stored === null ? null : type.decode(stored);
  }
  return memory as unknown as Memory;
}

/** The memory that a row of memory_revision (workspace_id, memory_id, revision, state) left behind; null for a tombstone. */
export function memoryOfRevision(row: Row): Memory | null {
  const state = row.state as Row | null;
  if (state === null) {
    return null;
  }
  const memory: Record<string, unknown> = { id: row.memory_id, workspaceId: row.workspace_id, revision: row.revision };
  for (const { field, name, type } of STATE) {
    const stored = state[name] ?? null;
    memory[field] = stored === null ? null : type.fromState(stored);
  }
  return memory as unknown as Memory;
}

export function toRevision(row: Row): Revision {
  return {
    memoryId: row.memory_id as string,
    revision: row.revision as number,
    change: CHANGES[row.change as number]!,
    memory: memoryOfRevision(row),
    keyId: row.key_id as string,
    agentId: row.agent_id as string | null,
    deltaId: row.delta_id as string,
    requestId: row.request_id as string | null,
    api: row.api as string,
    createTime: row.create_time as Date,
  };
}
