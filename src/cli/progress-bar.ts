const WIDTH = 30;

/**
 * How far a long piece of work has come: one line that is drawn anew on a terminal, and a line for every tenth of the way
 * elsewhere, where a log would keep each of them.
 */
export class ProgressBar {
  readonly #write: (text: string) => void;
  readonly #isTerminal: boolean;
  readonly #noun: string;
  readonly #began = performance.now();
  #first: number | null = null;
  #tenth = -1;
  #isDrawn = false;

  constructor(write: (text: string) => void, isTerminal: boolean, noun: string) {
    this.#write = write;
    this.#isTerminal = isTerminal;
    this.#noun = noun;
  }

  show(done: number, total: number): void {
    this.#first ??= done;
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const count = `${done.toLocaleString("en")} of ${total.toLocaleString("en")} ${this.#noun}`;
    const percent = `${Math.floor(share * 100)}%`.padStart(4);
    if (this.#isTerminal) {
      const filled = Math.round(share * WIDTH);
      const bar = `${"█".repeat(filled)}${"░".repeat(WIDTH - filled)}`;
      this.#write(`\r\x1b[2K${bar} ${percent}  ${count}${this.#rest(done, total)}`);
      this.#isDrawn = true;
    } else if (Math.floor(share * 10) !== this.#tenth) {
      this.#tenth = Math.floor(share * 10);
      this.#write(`${percent}  ${count}\n`);
    }
  }

  /** Leaves the line on a terminal, so that what follows has its own. */
  end(): void {
    if (this.#isDrawn) this.#write("\n");
    this.#isDrawn = false;
  }

  #rest(done: number, total: number): string {
    const seconds = (performance.now() - this.#began) / 1000;
    const rate = (done - (this.#first ?? done)) / seconds;
    if (rate <= 0 || seconds < 1) return "";
    return `  ${Math.round(rate).toLocaleString("en")}/s  ${Math.ceil((total - done) / rate)} s left`;
  }
}
