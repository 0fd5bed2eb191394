import type { TokenCounter } from "./ports/token-counter.ts";

const BYTES_OF_LETTERS = 3;
const BYTES_OF_OTHERS = 2;
const WORD_LIKE = /[\p{L}\s]/u;

/**
 * A token for every three bytes of letters and spaces, one for every two of anything else, and for each digit and sign of ASCII:
 * more than current models' tokenizers make of prose (4 to 5 bytes a token in English, about 3 in Chinese and Japanese), code,
 * ids and dates, so that a budget holds for models whose tokenizer is not at hand.
 */
export const tokenEstimate: TokenCounter = {
  async count(text) {
    let letters = 0;
    let others = 0;
    for (const character of text) {
      const bytes = utf8Length(character);
      // Letters outside of the basic plane are rare ones, of which tokenizers know bytes alone.
      if (bytes < 4 && WORD_LIKE.test(character)) letters += bytes;
      else others += Math.max(1, bytes / BYTES_OF_OTHERS);
    }
    return { tokens: Math.ceil(letters / BYTES_OF_LETTERS + others), exact: false };
  },
};

function utf8Length(character: string): number {
  const code = character.codePointAt(0)!;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}
