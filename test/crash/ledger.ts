/** What the server acknowledged of one revision of one memory. */
export interface Acknowledged {
  readonly revision: number;
  readonly deleted: boolean;
  readonly content: string;
  readonly tags: readonly string[];
}

/** The clients' own record of every write that was acknowledged, kept outside of the server. */
export class Ledger {
  readonly #memories = new Map<string, Map<number, Acknowledged>>();
  readonly #unanswered = new Map<string, number>();
  #touched = new Set<string>();
  #count = 0;

  /** Writes acknowledged since the last round began. */
  get count(): number {
    return this.#count;
  }

  /** Memories written since the last round began. */
  get touched(): readonly string[] {
    return [...this.#touched];
  }

  get ids(): readonly string[] {
    return [...this.#memories.keys()];
  }

  beginRound(): void {
    this.#touched = new Set();
    this.#count = 0;
  }

  /** @throws Error where the same revision was acknowledged twice: two writers were both told that it is theirs. */
  acknowledge(id: string, one: Acknowledged): void {
    const revisions = this.#memories.get(id) ?? new Map<number, Acknowledged>();
    if (revisions.has(one.revision)) {
      throw new Error(`revision ${one.revision} of ${id} was acknowledged twice`);
    }
    revisions.set(one.revision, one);
    this.#memories.set(id, revisions);
    this.#touched.add(id);
    this.#count++;
  }

  /** Takes a memory as touched that a killed call has left behind, or has changed, without anyone being told. */
  notice(id: string, revision: number): void {
    const known = this.#memories.get(id);
    if (known === undefined) {
      this.#memories.set(id, new Map());
    }
    if (revision !== (known?.size ?? 0) + (this.#unanswered.get(id) ?? 0)) {
      this.#touched.add(id);
    }
  }

  /** Notes how many revisions of a memory nobody was told of; answers by how many that is more than before. */
  settle(id: string, unanswered: number): number {
    const before = this.#unanswered.get(id) ?? 0;
    this.#unanswered.set(id, unanswered);
    return unanswered - before;
  }

  of(id: string): ReadonlyMap<number, Acknowledged> {
    return this.#memories.get(id) ?? new Map();
  }
}
