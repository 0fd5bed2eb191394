import type { AgentStore } from "../domain/ports/agent-store.ts";
import type { EmbeddingQueue, EmbeddingWork } from "../domain/ports/embedding-queue.ts";
import type { GenerationStore } from "../domain/ports/generation-store.ts";
import type { KeyStore } from "../domain/ports/key-store.ts";
import type { MemoryStore } from "../domain/ports/memory-store.ts";
import type { SearchStore } from "../domain/ports/search-store.ts";
import type { Sweeper } from "../domain/ports/sweeper.ts";
import type { WorkspaceStore } from "../domain/ports/workspace-store.ts";
import type { EngineName } from "./engine/engine.ts";
import type { OrmSession } from "./engine/orm-session.ts";
import type { Session } from "./engine/session.ts";
import type { Tenancy } from "./engine/tenancy.ts";

/** An open database. */
export interface Storage {
  readonly engine: EngineName;
  readonly memories: MemoryStore;
  readonly searches: SearchStore;
  readonly agents: AgentStore;
  readonly keys: KeyStore;
  readonly workspaces: WorkspaceStore;
  readonly embeddingQueue: EmbeddingQueue;
  readonly embeddingBacklog: EmbeddingWork;
  readonly generations: GenerationStore;
  readonly sweeper: Sweeper;
  /** For stores beside those here. */
  readonly session: Session;
  readonly orm: OrmSession;
  readonly tenancy: Tenancy;
  /** Resolves where the database answers. */
  ping(signal: AbortSignal | null): Promise<void>;
  /** Names of the migrations that opening it ran. */
  readonly migrated: readonly string[];
  /** Waits for nothing that still runs: stop calls first. */
  close(): Promise<void>;
}
