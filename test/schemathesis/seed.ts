import { AgentService } from "../../gen/server/cairn/v1/agent_service_pb.ts";
import { KeyService } from "../../gen/server/cairn/v1/key_service_pb.ts";
import { Visibility } from "../../gen/server/cairn/v1/memory_pb.ts";
import { MemoryService } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import { WorkspaceService } from "../../gen/server/cairn/v1/workspace_service_pb.ts";
import type { ServedApp } from "../app/served-app.ts";
import { clientOf } from "../app/wires.ts";
import { READER, type Seeds } from "./settings.ts";

/** How many: each operation that deletes uses some up. */
const MANY = 120;
const MANY_MEMORIES = 400;
const BATCH = 100;

/** Fills the root key's workspace, and makes others. */
export async function seed(app: ServedApp): Promise<Seeds> {
  const root = { key: app.rootKey };
  const numbers = Array.from({ length: MANY }, (_, n) => n);
  const agents = clientOf(AgentService, app, root);
  const keys = clientOf(KeyService, app, root);
  const workspaces = clientOf(WorkspaceService, app, root);
  const keyIds: string[] = [];
  await agents.createAgent({ handle: READER });
  for (const n of numbers) {
    await agents.createAgent({ handle: `agent-${n}` });
    await workspaces.createWorkspace({ handle: `workspace-${n}` });
    const { key } = await keys.createKey({ displayName: `key ${n}`, scopes: ["memory:read"] });
    keyIds.push(key?.id ?? "");
  }
  const memoryIds = await writeMemories(app);
  return {
    "cairn-agent": [READER],
    agent: numbers.map((n) => `agent-${n}`),
    workspace: numbers.map((n) => `workspace-${n}`),
    key_id: keyIds,
    memory_id: memoryIds,
    id: memoryIds,
    // A server whose model has never changed has this one.
    generation: [1],
  };
}

async function writeMemories(app: ServedApp): Promise<string[]> {
  const client = clientOf(MemoryService, app, { key: app.rootKey, agent: READER });
  const ids: string[] = [];
  while (ids.length < MANY_MEMORIES) {
    const writes = Array.from({ length: BATCH }, (_, n) => ({
      memory: {
        kind: "note",
        visibility: Visibility.SHARED,
        title: `Note ${ids.length + n}`,
        content: `Note ${ids.length + n} about the harbour`,
        metadata: { cups: n, nested: { deep: [true, null, "ü"] } },
        tags: ["harbour"],
        linkedEntities: [{ type: "project", id: "cairn" }],
      },
    }));
    const { results } = await client.batchWriteMemories({ writes });
    ids.push(...results.map((result) => result.memoryId));
  }
  return ids;
}
