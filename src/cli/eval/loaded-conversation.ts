import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, createClient } from "@connectrpc/connect";
import { EmbeddingStatus } from "../../../gen/server/cairn/v1/memory_pb.ts";
import { MemoryService } from "../../../gen/server/cairn/v1/memory_service_pb.ts";
import { WorkspaceService } from "../../../gen/server/cairn/v1/workspace_service_pb.ts";
import { type RemoteAddress, remoteTransport } from "../remote.ts";
import { RemoteFailure } from "../remote-failure.ts";
import type { Conversation, Turn } from "./conversation.ts";
import { turnBatches } from "./turn-batches.ts";

/** A conversation in a workspace of its own. */
export interface LoadedConversation {
  readonly conversation: Conversation;
  readonly memories: Client<typeof MemoryService>;
  /** Turn ids by memory id. */
  readonly turnOf: ReadonlyMap<string, string>;
}

const PAGE_SIZE = 100;
const POLL_MS = 200;
const PATIENCE_MS = 120_000;

/** Makes the workspace; `made` hears of it before anything is written, so that it can be erased whatever happens. */
export async function loadConversation(
  address: RemoteAddress,
  conversation: Conversation,
  made: (workspaceId: string) => void,
  signal: AbortSignal,
): Promise<LoadedConversation> {
  const handle = `eval-${randomUUID()}`;
  const displayName = `cairn eval ${conversation.name}`.slice(0, 200);
  const workspaces = createClient(WorkspaceService, remoteTransport(address));
  // Not cut short by a signal: a workspace that nobody knows of would stay.
  const { workspace, secret } = await workspaces.createWorkspace({ handle, displayName });
  made(workspace!.id);
  const memories = createClient(MemoryService, remoteTransport({ baseUrl: address.baseUrl, key: secret }));
  const turnOf = new Map<string, string>();
  for (const turns of turnBatches(conversation.turns)) {
    const { results } = await memories.batchWriteMemories({ writes: turns.map(toWrite) }, { signal });
    for (const [index, { memoryId }] of results.entries()) turnOf.set(memoryId, turns[index]!.id);
  }
  return { conversation, memories, turnOf };
}

function toWrite({ speaker, content, session, date }: Turn) {
  return {
    memory: {
      kind: "turn",
      subjectType: "person",
      subjectId: speaker,
      content,
      sourceKind: "session",
      sourceId: session,
      ...(date === "" ? {} : { sourceContext: date }),
    },
  };
}

/** Resolves when no vector is pending. Throws where the provider gave one up, or has attached none for two minutes. */
export async function untilEmbedded(
  { memories, conversation }: LoadedConversation,
  signal: AbortSignal,
): Promise<void> {
  let least = Number.POSITIVE_INFINITY;
  let movedAt = performance.now();
  for (;;) {
    const { pending, failed } = await countUnembedded(memories, signal);
    if (failed > 0) {
      throw new RemoteFailure(`the embedding provider gave up on ${failed} memories of ${conversation.name}`);
    }
    if (pending === 0) return;
    if (pending < least) {
      least = pending;
      movedAt = performance.now();
    } else if (performance.now() - movedAt > PATIENCE_MS) {
      const waited = `for ${PATIENCE_MS / 1000} s`;
      throw new RemoteFailure(
        `${pending} memories of ${conversation.name} wait for their vectors, and none came ${waited}`,
      );
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

async function countUnembedded(memories: Client<typeof MemoryService>, signal: AbortSignal) {
  let pending = 0;
  let failed = 0;
  let pageToken = "";
  do {
    const page = await memories.listMemories({ pageSize: PAGE_SIZE, pageToken }, { signal });
    pending += page.memories.filter((one) => one.embeddingStatus === EmbeddingStatus.PENDING).length;
    failed += page.memories.filter((one) => one.embeddingStatus === EmbeddingStatus.FAILED).length;
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  return { pending, failed };
}
