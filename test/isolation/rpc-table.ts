import { randomUUID } from "node:crypto";
import type { Subjects } from "./subjects.ts";

/** What each of `callers` gets, in their order. */
type Answers = readonly [string, string, string, string, string, string, string, string];

export interface RpcRow {
  /** A request about something in `home`, made anew for every cell. */
  readonly request: (subjects: Subjects) => Promise<object> | object;
  readonly answers: Answers;
}

const U = "UNAUTHENTICATED";
const D = "PERMISSION_DENIED";
const N = "NOT_FOUND";
const OK = "OK";

// biome-ignore format: the columns are read as a table
const answers = {
  //          no key, unknown, wrong workspace, read-only, write-only, other agent, revoked, expired
  readThing:  [U,      U,       N,               OK,        D,          N,           U,       U],
  changeThing:[U,      U,       N,               D,         OK,         N,           U,       U],
  readAny:    [U,      U,       OK,              OK,        D,          OK,          U,       U],
  writeAny:   [U,      U,       OK,              D,         OK,         OK,          U,       U],
  readAgent:  [U,      U,       N,               OK,        D,          OK,          U,       U],
  adminThing: [U,      U,       N,               D,         D,          D,           U,       U],
  adminAny:   [U,      U,       OK,              D,         D,          D,           U,       U],
  operator:   [U,      U,       D,               D,         D,          D,           U,       U],
} as const satisfies Record<string, Answers>;

const note = () => ({ memory: { kind: "note", content: "Harmless.", key: randomUUID() } });
const memoryId = async (subjects: Subjects) => ({ memoryId: await subjects.newMemory() });
const agent = async (subjects: Subjects) => ({ agent: await subjects.newAgent() });
const keyId = async (subjects: Subjects) => ({ keyId: await subjects.newKey() });
const workspace = async (subjects: Subjects) => ({ workspace: await subjects.newWorkspace() });
const generation = () => ({ generation: 1 });
const handle = () => ({ handle: `new-${randomUUID()}` });
const named = { changes: { displayName: "Renamed" }, updateMask: { paths: ["display_name"] } };
const titled = { memory: { title: "Renamed" }, updateMask: { paths: ["title"] } };

/** Every RPC, and what it says to whom. An RPC that is missing here fails the suite. */
export const rpcTable: Readonly<Record<string, RpcRow>> = {
  "cairn.v1.MemoryService/WriteMemory": { request: note, answers: answers.writeAny },
  "cairn.v1.MemoryService/BatchWriteMemories": { request: () => ({ writes: [note()] }), answers: answers.writeAny },
  "cairn.v1.MemoryService/GetMemory": { request: memoryId, answers: answers.readThing },
  "cairn.v1.MemoryService/ListMemories": { request: () => ({ pageSize: 100 }), answers: answers.readAny },
  "cairn.v1.MemoryService/UpdateMemory": {
    request: async (subjects) => ({ ...(await memoryId(subjects)), ...titled }),
    answers: answers.changeThing,
  },
  "cairn.v1.MemoryService/DeleteMemory": { request: memoryId, answers: answers.changeThing },
  "cairn.v1.MemoryService/RestoreMemory": {
    request: async (subjects) => ({ memoryId: await subjects.newMemory(true) }),
    answers: answers.changeThing,
  },
  "cairn.v1.MemoryService/PurgeMemory": { request: memoryId, answers: answers.changeThing },
  "cairn.v1.MemoryService/ListRevisions": { request: memoryId, answers: answers.readThing },
  "cairn.v1.MemoryService/Search": { request: () => ({ query: "a secret", limit: 100 }), answers: answers.readAny },
  "cairn.v1.MemoryService/AssembleContext": { request: () => ({ query: "a secret" }), answers: answers.readAny },
  "cairn.v1.AgentService/CreateAgent": { request: handle, answers: answers.adminAny },
  "cairn.v1.AgentService/GetAgent": { request: agent, answers: answers.readAgent },
  "cairn.v1.AgentService/ListAgents": { request: () => ({ pageSize: 100 }), answers: answers.readAny },
  "cairn.v1.AgentService/UpdateAgent": {
    request: async (subjects) => ({ ...(await agent(subjects)), ...named }),
    answers: answers.adminThing,
  },
  "cairn.v1.AgentService/DeleteAgent": { request: agent, answers: answers.adminThing },
  "cairn.v1.KeyService/CreateKey": { request: () => ({ scopes: ["memory:read"] }), answers: answers.adminAny },
  "cairn.v1.KeyService/ListKeys": { request: () => ({ pageSize: 100 }), answers: answers.adminAny },
  "cairn.v1.KeyService/RevokeKey": { request: keyId, answers: answers.adminThing },
  "cairn.v1.KeyService/RotateKey": { request: keyId, answers: answers.adminThing },
  "cairn.v1.WorkspaceService/CreateWorkspace": { request: handle, answers: answers.operator },
  "cairn.v1.WorkspaceService/GetWorkspace": { request: workspace, answers: answers.operator },
  "cairn.v1.WorkspaceService/ListWorkspaces": { request: () => ({ pageSize: 100 }), answers: answers.operator },
  "cairn.v1.WorkspaceService/UpdateWorkspace": {
    request: async (subjects) => ({ ...(await workspace(subjects)), ...named }),
    answers: answers.operator,
  },
  "cairn.v1.WorkspaceService/DeleteWorkspace": { request: workspace, answers: answers.operator },
  "cairn.v1.EmbeddingService/ListEmbeddingGenerations": { request: () => ({}), answers: answers.operator },
  "cairn.v1.EmbeddingService/BuildEmbeddingGeneration": { request: () => ({}), answers: answers.operator },
  "cairn.v1.EmbeddingService/ActivateEmbeddingGeneration": { request: generation, answers: answers.operator },
  "cairn.v1.EmbeddingService/DropEmbeddingGeneration": { request: generation, answers: answers.operator },
};
