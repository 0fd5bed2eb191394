const PAUSE_MS = 2000;

/** Tells how far a long work has come: a line at most every two seconds, and one at its end. */
export class Progress {
  readonly #tell: (line: string) => void;
  #toldAt = performance.now();

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  step(what: string, done: number, of: number): void {
    const now = performance.now();
    if (done < of && now - this.#toldAt < PAUSE_MS) return;
    this.#toldAt = now;
    this.#tell(`${what}: ${done} of ${of}`);
  }
}
