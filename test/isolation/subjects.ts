import { randomUUID } from "node:crypto";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { AgentService } from "../../gen/server/cairn/v1/agent_service_pb.ts";
import { KeyService } from "../../gen/server/cairn/v1/key_service_pb.ts";
import { Visibility } from "../../gen/server/cairn/v1/memory_pb.ts";
import { WorkspaceService } from "../../gen/server/cairn/v1/workspace_service_pb.ts";
import type { ServedApp } from "../app/served-app.ts";
import { type MemoryClient, makeAgent, makeKey, memoriesOf, type Workspace } from "../app/tenants.ts";
import { type Credentials, clientOf } from "../app/wires.ts";

/** Who calls, a column of the table each. The workspace-wide admin key of the memory's own workspace is no column. */
export const callers = [
  "no key",
  "unknown key",
  "wrong workspace",
  "read-only",
  "write-only",
  "other agent",
  "revoked",
  "expired",
] as const;

export type CallerName = (typeof callers)[number];

/** Two workspaces, the one with what is asked for, and keys of every kind. */
export interface Subjects {
  readonly app: ServedApp;
  readonly home: Workspace;
  readonly away: Workspace;
  /** Text that stands in every field of everything in `home`, and in nothing that a test sends. */
  readonly canary: string;
  readonly owner: string;
  readonly credentials: Readonly<Record<CallerName, Credentials>>;
  /** A new PRIVATE memory of `owner` in `home`; deleted where `deleted` says so. */
  newMemory(deleted?: boolean): Promise<string>;
  newAgent(): Promise<string>;
  newKey(): Promise<string>;
  newWorkspace(): Promise<string>;
}

export async function makeSubjects(app: ServedApp): Promise<Subjects> {
  const canary = `canary${randomUUID().replaceAll("-", "")}`;
  const home = await makeCanaryWorkspace(app, canary);
  const away = await makeCanaryWorkspace(app, `other${randomUUID().slice(0, 8)}`);
  const owner = await makeAgent(app, home, `${canary}-owner`);
  const other = await makeAgent(app, home, `${canary}-stranger`);
  const ownerKey = await makeKey(app, home, { agent: owner, displayName: canary });
  const memories = memoriesOf(app, ownerKey);
  const newMemory = (deleted = false) => newCanary(memories, canary, deleted);
  await newMemory();
  await newCanary(memoriesOf(app, home), canary, false, Visibility.SHARED);
  return {
    ...{ app, home, away, canary, owner, newMemory },
    credentials: await makeCredentials(app, { home, away, owner, other }),
    newAgent: () => makeAgent(app, home, `${canary}-${randomUUID()}`),
    newKey: async () => (await makeKey(app, home, { displayName: canary })).id,
    newWorkspace: async () => (await makeCanaryWorkspace(app, `${canary}-${randomUUID().slice(0, 8)}`)).id,
  };
}

async function makeCanaryWorkspace(app: ServedApp, handle: string): Promise<Workspace> {
  const request = { handle, displayName: handle };
  const { workspace, secret } = await clientOf(WorkspaceService, app, { key: app.rootKey }).createWorkspace(request);
  return { id: workspace!.id, handle, key: secret };
}

async function newCanary(
  memories: MemoryClient,
  canary: string,
  deleted: boolean,
  visibility: Visibility = Visibility.PRIVATE,
) {
  const { memory } = await memories.writeMemory({
    memory: {
      ...{ kind: canary, title: canary, content: `A secret: ${canary}.`, key: `${canary}-${randomUUID()}`, visibility },
      ...{ subjectType: canary, subjectId: canary, sourceContext: canary, expireReason: canary },
      metadata: { [canary]: canary },
      tags: [canary],
      linkedEntities: [{ type: canary, id: canary }],
    },
  });
  if (deleted) await memories.deleteMemory({ memoryId: memory!.id });
  return memory!.id;
}

interface Parties {
  readonly home: Workspace;
  readonly away: Workspace;
  readonly owner: string;
  readonly other: string;
}

/** Read-only and write-only keys are the owner's own, so that nothing but their scope refuses them. */
async function makeCredentials(app: ServedApp, { home, away, owner, other }: Parties) {
  const readOnly = await makeKey(app, home, { agent: owner, scopes: ["memory:read"] });
  const writeOnly = await makeKey(app, home, { agent: owner, scopes: ["memory:write"] });
  const otherAgent = await makeKey(app, home, { agent: other });
  const all = ["memory:read", "memory:write", "admin"];
  const revoked = await makeKey(app, home, { scopes: all });
  await clientOf(KeyService, app, home).revokeKey({ keyId: revoked.id });
  const expired = await makeKey(app, home, { scopes: all, expireTime: timestampFromMs(Date.now() + 2000) });
  await new Promise((done) => setTimeout(done, 2050));
  return {
    "no key": {},
    "unknown key": { key: `cairn_${"0".repeat(43)}` },
    "wrong workspace": { key: away.key },
    "read-only": { key: readOnly.key },
    "write-only": { key: writeOnly.key },
    "other agent": { key: otherAgent.key },
    revoked: { key: revoked.key },
    expired: { key: expired.key },
  } satisfies Record<CallerName, Credentials>;
}

/** What `home` holds, as its own admin sees it: a refused call leaves it as it was. */
export async function stateOf({ app, home }: Subjects): Promise<string> {
  const memories = await memoriesOf(app, home).listMemories({ pageSize: 100, showDeleted: true, showExpired: true });
  const agents = await clientOf(AgentService, app, home).listAgents({ pageSize: 100 });
  const keys = await clientOf(KeyService, app, home).listKeys({ pageSize: 100 });
  const root = clientOf(WorkspaceService, app, { key: app.rootKey });
  const workspaces = await root.listWorkspaces({ pageSize: 100 });
  const state = { memories: memories.memories, ...agents, ...keys, workspaces: workspaces.workspaces };
  return JSON.stringify(state, (_name, value) => (typeof value === "bigint" ? Number(value) : value));
}
