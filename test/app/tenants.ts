import { randomUUID } from "node:crypto";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import { AgentService } from "../../gen/server/cairn/v1/agent_service_pb.ts";
import { type CreateKeyRequestSchema, KeyService } from "../../gen/server/cairn/v1/key_service_pb.ts";
import type { MemoryInputSchema } from "../../gen/server/cairn/v1/memory_pb.ts";
import { MemoryService } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import { WorkspaceService } from "../../gen/server/cairn/v1/workspace_service_pb.ts";
import type { ServedApp } from "./served-app.ts";
import { type Credentials, clientOf } from "./wires.ts";

export type MemoryClient = Client<typeof MemoryService>;
export type MemoryInit = MessageInitShape<typeof MemoryInputSchema>;

/** A workspace made through the public interface, and its first key, which has every scope but operator. */
export interface Workspace {
  readonly id: string;
  readonly handle: string;
  readonly key: string;
}

export async function makeWorkspace(
  app: ServedApp,
  handle: string = `w-${randomUUID().slice(0, 8)}`,
  key: string = app.rootKey,
): Promise<Workspace> {
  const { workspace, secret } = await clientOf(WorkspaceService, app, { key }).createWorkspace({ handle });
  return { id: workspace!.id, handle, key: secret };
}

/** Registers an agent; answers its UUID. */
export async function makeAgent(app: ServedApp, workspace: Workspace, handle: string): Promise<string> {
  const { agent } = await clientOf(AgentService, app, workspace).createAgent({ handle });
  return agent!.id;
}

export interface MadeKey {
  readonly id: string;
  readonly key: string;
}

/** Makes a key with memory:read and memory:write, or with what `options` say. */
export async function makeKey(
  app: ServedApp,
  workspace: Workspace,
  options: MessageInitShape<typeof CreateKeyRequestSchema> = {},
): Promise<MadeKey> {
  const request = { scopes: ["memory:read", "memory:write"], ...options };
  const { key, secret } = await clientOf(KeyService, app, workspace).createKey(request);
  return { id: key!.id, key: secret };
}

/** A client of the memories over gRPC. */
export function memoriesOf(app: ServedApp, credentials: Credentials): MemoryClient {
  return clientOf(MemoryService, app, credentials);
}

/** Writes one memory and answers it; content and kind where none is given. */
export async function writeMemory(memories: MemoryClient, memory: MemoryInit = {}) {
  const written = await memories.writeMemory({ memory: { kind: "note", content: "A note.", ...memory } });
  return written.memory!;
}
