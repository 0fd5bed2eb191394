/** Names for statements that are composed as they come: the first so many shapes stay prepared, the others are parsed anew. */
export class StatementNames {
  readonly #prefix: string;
  readonly #most: number;
  readonly #names = new Map<string, string>();

  constructor(prefix: string, most: number) {
    this.#prefix = prefix;
    this.#most = most;
  }

  of(text: string): string | null {
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= this.#most) {
      return known ?? null;
    }
    const name = `${this.#prefix}${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }
}
