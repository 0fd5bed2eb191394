import { readFileSync } from "node:fs";

const VOCABULARY = 20_000;
const TOPICS = 3_000;
const WORDS_A_TOPIC = 30;
const TOPIC_SHARE = 0.7;
/** The most frequent words of a language are function words, which a text search drops. */
const FUNCTION_WORDS = 50;

/** Numbers in 0..1, the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Texts about topics, their words as unevenly frequent as in a language. */
export class Writer {
  readonly #random: () => number;
  readonly #words: readonly string[];
  readonly #topics: readonly (readonly string[])[];

  constructor(seed: number) {
    this.#random = randomFrom(seed);
    this.#words = readWords();
    this.#topics = Array.from({ length: TOPICS }, () => Array.from({ length: WORDS_A_TOPIC }, () => this.#anyWord()));
  }

  anyTopic(): number {
    return Math.floor(this.#random() * TOPICS);
  }

  /** A sentence of so many words, most of them the topic's. */
  text(topic: number, words: number): string {
    const own = this.#topics[topic % TOPICS] as readonly string[];
    return Array.from({ length: words }, () =>
      this.#random() < TOPIC_SHARE ? own[Math.floor(this.#random() * own.length)] : this.#anyWord(),
    ).join(" ");
  }

  between(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1));
  }

  /** Zipf's law: the nth word is n times as rare as the first would be. */
  #anyWord(): string {
    const rank = FUNCTION_WORDS * (VOCABULARY / FUNCTION_WORDS) ** this.#random();
    return this.#words[Math.floor(rank) - 1] as string;
  }
}

/** English, the frequent words first: invented ones would fall into the same few pieces, and every text into the same place. */
function readWords(): readonly string[] {
  const tokens = readFileSync(new URL("../../models/static-v1/vocabulary.txt", import.meta.url), "utf8").split("\n");
  return tokens.filter((token) => /^[a-z]{3,}$/.test(token)).slice(0, VOCABULARY);
}
