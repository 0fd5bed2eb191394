import type { Memory } from "../../../src/domain/memory.ts";

/** What one answer promised of one memory; null: purged. */
interface Promised {
  /** Events of the disk when the answer came: an answer counts where the cut comes later. */
  readonly at: number;
  readonly id: string;
  readonly memory: Memory | null;
}

/** One memory as the database has it. */
export interface StoredMemory {
  readonly id: string;
  readonly revision: number;
  readonly content: string;
  readonly deleted: boolean;
}

/** Every answer of a store, with its place in the log of the disk. */
export class Acknowledged {
  readonly #all: Promised[] = [];

  add(at: number, id: string, memory: Memory | null): void {
    this.#all.push({ at, id, memory });
  }

  get count(): number {
    return this.#all.length;
  }

  /**
   * Compares what a cut left with what was answered before it. Answers how many memories go beyond that: what was under way.
   *
   * @throws Error that names the first memory that is lost, older than promised or another.
   */
  verify(cut: number, stored: readonly StoredMemory[]): number {
    const promised = new Map<string, Memory | null>();
    for (const { at, id, memory } of this.#all) {
      if (at <= cut) promised.set(id, memory);
    }
    const found = new Map(stored.map((memory) => [memory.id, memory]));
    let beyond = 0;
    for (const [id, memory] of promised) {
      if (memory === null) {
        if (found.has(id)) throw new Error(`${id}: purged, and there again`);
      } else {
        beyond += compare(memory, found.get(id), this.#isPurgedAfter(id, cut));
      }
    }
    return beyond + stored.filter(({ id }) => !promised.has(id)).length;
  }

  #isPurgedAfter(id: string, cut: number): boolean {
    return this.#all.some((one) => one.id === id && one.memory === null && one.at > cut);
  }
}

function compare(promised: Memory, stored: StoredMemory | undefined, mayBeGone: boolean): number {
  const { id, revision } = promised;
  if (stored === undefined) {
    if (mayBeGone) return 1;
    throw new Error(`${id}: acknowledged revision ${revision} is lost with its memory`);
  }
  if (stored.revision < revision) throw new Error(`${id}: acknowledged revision ${revision}, found ${stored.revision}`);
  if (stored.revision > revision) return 1;
  if (stored.content !== promised.content) throw new Error(`${id}: content of revision ${revision} is another`);
  if (stored.deleted !== (promised.deleteTime !== null))
    throw new Error(`${id}: revision ${revision} is deleted or is not`);
  return 0;
}
