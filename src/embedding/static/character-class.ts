import { DROPPED_RANGES, NONSPACING_MARK_RANGES, PUNCTUATION_RANGES, SPACE_RANGES } from "./unicode-ranges.ts";

/** What a character is to the tokenizer; every other one is PLAIN. */
export const PLAIN = 0;
export const SPACE = 1;
/** A word of its own. */
export const PUNCTUATION = 2;
export const DROPPED = 3;
/** Dropped once characters are decomposed: an accent. */
export const MARK = 4;
/** A word of its own, though not punctuation. */
export const IDEOGRAPH = 5;

/** The blocks that BERT parts into single characters: neither kana nor Hangul. 2B920 is BERT's own slip for 2B820. */
const IDEOGRAPH_RANGES = [
  ...[0x3400, 0x4dbf, 0x4e00, 0x9fff, 0xf900, 0xfaff, 0x20000, 0x2a6df, 0x2a700, 0x2b73f],
  ...[0x2b740, 0x2b81f, 0x2b920, 0x2ceaf, 0x2f800, 0x2fa1f],
];

/**
 * The class of every code point. Tables of our own instead of the regular expressions' `\p{…}`: vectors must not change with
 * the Unicode version of the engine.
 */
export const CHARACTER_CLASSES: Uint8Array = tableOf([
  [IDEOGRAPH, IDEOGRAPH_RANGES],
  [SPACE, SPACE_RANGES],
  [PUNCTUATION, PUNCTUATION_RANGES],
  [DROPPED, DROPPED_RANGES],
  [MARK, NONSPACING_MARK_RANGES],
]);

function tableOf(classes: readonly (readonly [number, readonly number[]])[]): Uint8Array {
  const table = new Uint8Array(0x110000);
  for (const [value, ranges] of classes) {
    for (let at = 0; at < ranges.length; at += 2) {
      table.fill(value, ranges[at] as number, (ranges[at + 1] as number) + 1);
    }
  }
  return table;
}
