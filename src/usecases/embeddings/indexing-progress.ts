/** Told of the vectors that move into an index. */
export interface IndexingLog {
  readonly began: (generation: number, toIndex: number) => void;
  readonly ended: (generation: number, indexed: number, durationMs: number) => void;
}

interface Run {
  readonly since: number;
  readonly toIndex: number;
  moved: number;
}

/** What indexing does in this process, for its log and its metrics: one run from the first step of a generation to its last. */
export class IndexingProgress {
  readonly #log: IndexingLog;
  readonly #runs = new Map<number, Run>();
  #indexed = 0;

  constructor(log: IndexingLog) {
    this.#log = log;
  }

  /** Vectors indexed since the process started. */
  get indexed(): number {
    return this.#indexed;
  }

  /** What the present runs still have before them. */
  get toIndex(): number {
    return [...this.#runs.values()].reduce((sum, run) => sum + Math.max(0, run.toIndex - run.moved), 0);
  }

  /** One step. `count` answers what is left after it, and is asked at a run's first. */
  async step(generation: number, moved: number, count: () => Promise<number>): Promise<void> {
    const run = this.#runs.get(generation);
    this.#indexed += moved;
    if (run === undefined && moved > 0) await this.#begin(generation, moved, count);
    else if (run !== undefined && moved > 0) run.moved += moved;
    else if (run !== undefined) this.#end(generation, run);
  }

  async #begin(generation: number, moved: number, count: () => Promise<number>): Promise<void> {
    const toIndex = moved + (await count());
    this.#runs.set(generation, { since: performance.now(), toIndex, moved });
    this.#log.began(generation, toIndex);
  }

  #end(generation: number, run: Run): void {
    this.#runs.delete(generation);
    this.#log.ended(generation, run.moved, performance.now() - run.since);
  }
}
