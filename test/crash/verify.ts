import { Change, type Memory, type Revision } from "../../gen/server/cairn/v1/memory_pb.ts";
import type { MemoryClient } from "./clients.ts";
import type { Acknowledged, Ledger } from "./ledger.ts";

const READERS = 8;

/**
 * Reads back every memory that the round touched and compares it with the ledger. Answers how many revisions have come that
 * nobody was told of: what was in flight when the crash came, so at most one a writer.
 *
 * @throws Error that names the memory and what is wrong with it.
 */
export async function verifyRound(client: MemoryClient, ledger: Ledger): Promise<number> {
  await noticeStrays(client, ledger);
  return verifyMemories(client, ledger, ledger.touched);
}

/** The same for every memory of every round, where nothing more may have come. */
export async function verifyAll(client: MemoryClient, ledger: Ledger): Promise<number> {
  await noticeStrays(client, ledger);
  return verifyMemories(client, ledger, ledger.ids);
}

/** Writes that were committed and not acknowledged: what they left, new or old, must be as whole as the rest. */
async function noticeStrays(client: MemoryClient, ledger: Ledger): Promise<void> {
  let pageToken = "";
  do {
    const page = await client.listMemories({ pageSize: 100, pageToken, showDeleted: true });
    for (const memory of page.memories) ledger.notice(memory.id, memory.revision);
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
}

async function verifyMemories(client: MemoryClient, ledger: Ledger, ids: readonly string[]): Promise<number> {
  const waiting = [...ids];
  let more = 0;
  const readers = Array.from({ length: READERS }, async () => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      const unanswered = await verifyMemory(client, id, ledger.of(id));
      more += ledger.settle(id, unanswered);
    }
  });
  await Promise.all(readers);
  return more;
}

async function verifyMemory(
  client: MemoryClient,
  id: string,
  acknowledged: ReadonlyMap<number, Acknowledged>,
): Promise<number> {
  const { memory } = await client.getMemory({ memoryId: id, showDeleted: true });
  if (memory === undefined) throw new Error(`${id}: an answer without its memory`);
  const revisions = await revisionsOf(client, id);
  const newest = revisions[0];
  if (newest === undefined) throw new Error(`${id}: a memory without a revision`);
  revisions.forEach((one, at) => {
    const expected = revisions.length - at;
    if (one.revision !== expected) throw new Error(`${id}: revision ${one.revision} stands where ${expected} belongs`);
  });
  compare(id, "the memory", memory, newest);
  for (const told of acknowledged.values()) {
    const stored = revisions[revisions.length - told.revision];
    if (stored === undefined) throw new Error(`${id}: acknowledged revision ${told.revision} is lost`);
    compareAcknowledged(id, told, stored);
  }
  return revisions.length - acknowledged.size;
}

/** Newest first. */
async function revisionsOf(client: MemoryClient, memoryId: string): Promise<readonly Revision[]> {
  const revisions: Revision[] = [];
  let pageToken = "";
  do {
    const page = await client.listRevisions({ memoryId, pageSize: 100, pageToken });
    revisions.push(...page.revisions);
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  return revisions;
}

function compare(id: string, what: string, memory: Memory, newest: Revision): void {
  const wrong = (field: string) => new Error(`${id}: ${field} of ${what} is not what its newest revision says`);
  const state = newest.memory;
  if (memory.revision !== newest.revision) throw wrong("revision");
  if (memory.content !== state?.content) throw wrong("content");
  if (memory.tags.join() !== state.tags.join()) throw wrong("tags");
  if ((memory.deleteTime !== undefined) !== (newest.change === Change.DELETED)) throw wrong("delete_time");
}

function compareAcknowledged(id: string, told: Acknowledged, stored: Revision): void {
  const wrong = (field: string) => new Error(`${id}: ${field} of acknowledged revision ${told.revision} is another`);
  if ((stored.change === Change.DELETED) !== told.deleted) throw wrong("change");
  if (stored.memory?.content !== told.content) throw wrong("content");
  if (stored.memory.tags.join() !== told.tags.join()) throw wrong("tags");
}
