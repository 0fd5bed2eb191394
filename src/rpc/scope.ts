import type { DescService } from "@bufbuild/protobuf";
import { AgentService } from "../../gen/server/cairn/v1/agent_service_pb.ts";
import { EmbeddingService } from "../../gen/server/cairn/v1/embedding_service_pb.ts";
import { KeyService } from "../../gen/server/cairn/v1/key_service_pb.ts";
import { MemoryService } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import { WorkspaceService } from "../../gen/server/cairn/v1/workspace_service_pb.ts";
import type { KeyScope } from "../domain/caller.ts";

type Scopes<S extends { method: object }> = Record<keyof S["method"], KeyScope>;

const memory: Scopes<typeof MemoryService> = {
  writeMemory: "memory:write",
  batchWriteMemories: "memory:write",
  getMemory: "memory:read",
  listMemories: "memory:read",
  updateMemory: "memory:write",
  deleteMemory: "memory:write",
  restoreMemory: "memory:write",
  purgeMemory: "memory:write",
  listRevisions: "memory:read",
  search: "memory:read",
  assembleContext: "memory:read",
};

const agent: Scopes<typeof AgentService> = {
  createAgent: "admin",
  getAgent: "memory:read",
  listAgents: "memory:read",
  updateAgent: "admin",
  deleteAgent: "admin",
};

const key: Scopes<typeof KeyService> = {
  createKey: "admin",
  listKeys: "admin",
  revokeKey: "admin",
  rotateKey: "admin",
};

const workspace: Scopes<typeof WorkspaceService> = {
  createWorkspace: "operator",
  getWorkspace: "operator",
  listWorkspaces: "operator",
  updateWorkspace: "operator",
  deleteWorkspace: "operator",
};

const embedding: Scopes<typeof EmbeddingService> = {
  listEmbeddingGenerations: "operator",
  buildEmbeddingGeneration: "operator",
  activateEmbeddingGeneration: "operator",
  dropEmbeddingGeneration: "operator",
};

const SCOPES = new Map<string, Record<string, KeyScope>>([
  [MemoryService.typeName, memory],
  [AgentService.typeName, agent],
  [KeyService.typeName, key],
  [WorkspaceService.typeName, workspace],
  [EmbeddingService.typeName, embedding],
]);

/** The scope that a method asks for; undefined for a method that is in no table, which no key may call. */
export function scopeOf(service: DescService, localName: string): KeyScope | undefined {
  return SCOPES.get(service.typeName)?.[localName];
}
