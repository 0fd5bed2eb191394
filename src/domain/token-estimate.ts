import type { TokenCounter } from "./ports/token-counter.ts";

const BYTES_A_TOKEN = 3;

/**
 * A token for every three bytes of UTF-8, rounded up: more than current models' tokenizers make of prose (4 to 5 bytes a token in
 * English, about 3 in Chinese and Japanese) and of most code, so that a budget holds for models whose tokenizer is not at hand.
 */
export const tokenEstimate: TokenCounter = {
  async count(text) {
    return { tokens: Math.ceil(utf8Length(text) / BYTES_A_TOKEN), exact: false };
  },
};

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
