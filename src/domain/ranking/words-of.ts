const WORD = /[\p{L}\p{N}]+/gu;
const MARKS = /\p{Mn}/gu;
const BEYOND_ASCII = /[^ -~\s]/;

/** A text's words in order, lower-cased, without accents. */
export function wordsOf(text: string): readonly string[] {
  const lower = text.toLowerCase();
  const plain = BEYOND_ASCII.test(lower) ? lower.normalize("NFD").replace(MARKS, "") : lower;
  return plain.match(WORD) ?? [];
}
