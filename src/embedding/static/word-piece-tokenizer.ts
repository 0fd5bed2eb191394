import { AsciiWords, EMPTY_HASH, hashOn } from "./ascii-words.ts";
import { CHARACTER_CLASSES, IDEOGRAPH, PUNCTUATION, SPACE } from "./character-class.ts";
import { wordsOfText } from "./words-of-text.ts";

const UNKNOWN = "[UNK]";
const CONTINUATION = "##";
/** Code points; a longer word is unknown as a whole. */
const LONGEST_WORD = 100;
const CACHED_RUNS = 20_000;
/** From here on an ideograph stands for another one; those before are what they are, and too many to be remembered. */
const COMPATIBILITY_IDEOGRAPHS = 0xf900;
const LONGEST_CACHED_RUN = 40;
/** A slice from this length on keeps the whole text that it was cut from alive. */
const LEAST_KEEPING_SLICE = 13;

/**
 * BERT uncased's WordPiece, the reference tokenizer's ids for every text but one that spells a special token such as `[MASK]`,
 * which is plain characters here: a memory must not be able to say it. Adds no `[CLS]` or `[SEP]`.
 */
export class WordPieceTokenizer {
  readonly unknownId: number;
  readonly #words = new Map<string, number>();
  readonly #continuations = new Map<string, number>();
  readonly #asciiWords: AsciiWords;
  readonly #longestPiece: number;
  readonly #cache = new Map<string, readonly number[]>();

  /** The vocabulary in order of ids. Throws a RangeError where it has no `[UNK]`. */
  constructor(vocabulary: readonly string[]) {
    this.#asciiWords = new AsciiWords(vocabulary.length);
    let longest = 0;
    for (const [id, token] of vocabulary.entries()) {
      longest = Math.max(longest, token.length);
      if (token.startsWith(CONTINUATION) && token.length > CONTINUATION.length)
        this.#continuations.set(token.slice(CONTINUATION.length), id);
      else {
        this.#words.set(token, id);
        this.#asciiWords.add(token, id);
      }
    }
    const unknown = this.#words.get(UNKNOWN);
    if (unknown === undefined) throw new RangeError(`the vocabulary has no ${UNKNOWN}`);
    this.unknownId = unknown;
    this.#longestPiece = longest;
  }

  /** The ids of the text's pieces, `unknownId` for a word that has none; the first `most` of them, default all. */
  idsOf(text: string, most = Number.POSITIVE_INFINITY): number[] {
    const ids: number[] = [];
    let start = 0;
    let bits = 0;
    let hash = EMPTY_HASH;
    for (let at = 0; at < text.length && ids.length < most; at++) {
      const code = text.charCodeAt(at);
      // Halves of a surrogate pair count as dropped, which parts nothing; their pair is looked at within its run.
      const kind = CHARACTER_CLASSES[code] as number;
      if (kind !== SPACE && kind !== PUNCTUATION && kind !== IDEOGRAPH) {
        bits |= code;
        hash = hashOn(hash, code);
        continue;
      }
      if (at > start) this.#addRun(text, start, at, bits, hash, ids);
      if (kind === IDEOGRAPH && code < COMPATIBILITY_IDEOGRAPHS)
        ids.push(this.#words.get(text.charAt(at)) ?? this.unknownId);
      else if (kind !== SPACE) this.#addRun(text, at, at + 1, code, hashOn(EMPTY_HASH, code), ids);
      start = at + 1;
      bits = 0;
      hash = EMPTY_HASH;
    }
    if (start < text.length && ids.length < most) this.#addRun(text, start, text.length, bits, hash, ids);
    if (ids.length > most) ids.length = most;
    return ids;
  }

  /**
   * Adds a character that is a word of its own, or what stands between two of those or of spaces: normalising changes nothing
   * across them. `bits`: all its code units, or-ed; `hash`: as `hashOn` makes it.
   */
  #addRun(text: string, start: number, end: number, bits: number, hash: number, ids: number[]): void {
    // ASCII has no accents, and loses its case on the way; all else is normalised first.
    const whole = bits < 128 ? this.#asciiWords.find(text, start, end, hash) : -1;
    if (whole !== -1) {
      ids.push(whole);
      return;
    }
    const run = text.slice(start, end);
    for (const id of this.#cache.get(run) ?? this.#remember(run)) ids.push(id);
  }

  #remember(run: string): readonly number[] {
    const ids: number[] = [];
    for (const word of wordsOfText(run)) this.#addWord(word, ids);
    if (run.length > LONGEST_CACHED_RUN) return ids;
    // Emptied as a whole: the frequent words are back at once, and no bookkeeping is paid a word.
    if (this.#cache.size >= CACHED_RUNS) this.#cache.clear();
    this.#cache.set(run.length < LEAST_KEEPING_SLICE ? run : copyOf(run), ids);
    return ids;
  }

  /** Greedy longest match; where any piece fails, the whole word is unknown. */
  #addWord(word: string, ids: number[]): void {
    const whole = this.#words.get(word);
    if (whole !== undefined) {
      ids.push(whole);
      return;
    }
    const first = ids.length;
    let start = 0;
    while (start < word.length) {
      const pieces = start === 0 ? this.#words : this.#continuations;
      let end = Math.min(word.length, start + this.#longestPiece);
      let id: number | undefined;
      while (end > start) {
        id = pieces.get(word.slice(start, end));
        if (id !== undefined) break;
        end--;
      }
      if (id === undefined || (start === 0 && isTooLong(word))) {
        ids.length = first;
        ids.push(this.unknownId);
        return;
      }
      ids.push(id);
      start = end;
    }
  }
}

function isTooLong(word: string): boolean {
  if (word.length <= LONGEST_WORD) return false;
  return word.length > 2 * LONGEST_WORD || [...word].length > LONGEST_WORD;
}

/** A string that shares no memory with the text that it was cut from. */
function copyOf(slice: string): string {
  return Buffer.from(slice, "utf16le").toString("utf16le");
}
