const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;
const LAST_OF_ASCII = 0x7f;
const CASE = 32;
const CAPITAL_A = 65;
const CAPITAL_Z = 90;

/** The hash of no character. */
export const EMPTY_HASH = OFFSET;

/** The hash of a text that goes on with this code unit; capital letters of ASCII count as small ones. FNV-1a, 32 bits. */
export function hashOn(hash: number, code: number): number {
  return Math.imul(hash ^ (code >= CAPITAL_A && code <= CAPITAL_Z ? code + CASE : code), PRIME);
}

/**
 * The words of a vocabulary that are ASCII, found by their place in a text: most words of most texts, for which no string need be
 * made. An open-addressed table; of equal hashes the characters decide.
 */
export class AsciiWords {
  readonly #ids: Int32Array;
  readonly #words: string[];
  readonly #mask: number;

  /** For so many words at most. */
  constructor(most: number) {
    const size = 2 ** Math.ceil(Math.log2(most * 2 + 1));
    this.#mask = size - 1;
    this.#ids = new Int32Array(size).fill(-1);
    this.#words = new Array(size);
  }

  /** Does nothing with a word that is not ASCII, or has a capital letter. */
  add(word: string, id: number): void {
    let hash = EMPTY_HASH;
    for (let i = 0; i < word.length; i++) {
      const code = word.charCodeAt(i);
      if (code > LAST_OF_ASCII || (code >= CAPITAL_A && code <= CAPITAL_Z)) return;
      hash = hashOn(hash, code);
    }
    let slot = hash & this.#mask;
    while (this.#ids[slot] !== -1 && this.#words[slot] !== word) slot = (slot + 1) & this.#mask;
    this.#ids[slot] = id;
    this.#words[slot] = word;
  }

  /** The id of the word from `start` to before `end`, whose hash it is, in whatever case; -1: there is none. */
  find(text: string, start: number, end: number, hash: number): number {
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const id = this.#ids[slot] as number;
      if (id === -1 || this.#isAt(slot, text, start, end)) return id;
    }
  }

  #isAt(slot: number, text: string, start: number, end: number): boolean {
    const word = this.#words[slot] as string;
    if (word.length !== end - start) return false;
    for (let i = 0; i < word.length; i++) {
      const code = text.charCodeAt(start + i);
      const small = code >= CAPITAL_A && code <= CAPITAL_Z ? code + CASE : code;
      if (word.charCodeAt(i) !== small) return false;
    }
    return true;
  }
}
