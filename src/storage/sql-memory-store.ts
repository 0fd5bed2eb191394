import type { DomainError } from "../domain/failure.ts";
import type { Memory, MemoryFilter, Revision } from "../domain/memory.ts";
import type {
  Access,
  ListCommand,
  MemoryStore,
  Mutation,
  SingleAnswer,
  UpdateCommand,
  Visible,
  WriteAnswer,
  WriteItem,
} from "../domain/ports/memory-store.ts";
import type { KnownAgents } from "./known-agents.ts";
import { MemoryChanger } from "./memories/memory-changer.ts";
import { MemoryReader } from "./memories/memory-reader.ts";
import { MemoryWriter } from "./memories/memory-writer.ts";
import { RequestLog } from "./request-log.ts";
import type { Session } from "./session.ts";
import type { Tenancy } from "./tenancy.ts";

/** The memories of both engines. */
export class SqlMemoryStore implements MemoryStore {
  readonly #writer: MemoryWriter;
  readonly #changer: MemoryChanger;
  readonly #reader: MemoryReader;

  constructor(session: Session, tenancy: Tenancy, agents: KnownAgents) {
    const requests = new RequestLog(tenancy);
    this.#writer = new MemoryWriter(session, tenancy, agents, requests);
    this.#changer = new MemoryChanger(session, tenancy, requests);
    this.#reader = new MemoryReader(session, tenancy);
  }

  write(mutation: Mutation, items: readonly (WriteItem | DomainError)[], atomic: boolean): Promise<WriteAnswer> {
    return this.#writer.write(mutation, items, atomic);
  }

  get(access: Access, id: string, visible: Visible, signal: AbortSignal): Promise<Memory | null> {
    return this.#reader.get(access, id, visible, signal);
  }

  getLive(
    access: Access,
    ids: readonly string[],
    filter: MemoryFilter,
    signal: AbortSignal,
  ): Promise<readonly Memory[]> {
    return this.#reader.getLive(access, ids, filter, signal);
  }

  list(access: Access, command: ListCommand, signal: AbortSignal): Promise<readonly Memory[]> {
    return this.#reader.list(access, command, signal);
  }

  update(mutation: Mutation, command: UpdateCommand): Promise<SingleAnswer> {
    return this.#changer.update(mutation, command);
  }

  delete(mutation: Mutation, id: string, expectedRevision: number | null): Promise<SingleAnswer> {
    return this.#changer.delete(mutation, id, expectedRevision);
  }

  restore(mutation: Mutation, id: string, expectedRevision: number | null): Promise<SingleAnswer> {
    return this.#changer.restore(mutation, id, expectedRevision);
  }

  purge(mutation: Mutation, id: string, expectedRevision: number | null): Promise<void> {
    return this.#changer.purge(mutation, id, expectedRevision);
  }

  listRevisions(
    access: Access,
    id: string,
    beforeRevision: number | null,
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly Revision[]> {
    return this.#reader.listRevisions(access, id, beforeRevision, limit, signal);
  }
}
