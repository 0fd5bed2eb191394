import { CHARACTER_CLASSES, DROPPED, IDEOGRAPH, MARK, PUNCTUATION, SPACE } from "./character-class.ts";

const LETTERS_AND_DIGITS = /^[A-Za-z0-9]+$/;

/** The words that BERT uncased cuts into pieces: without accents, lower-cased, each punctuation mark and ideograph alone. */
export function wordsOfText(text: string): readonly string[] {
  // Nothing but these: a control character must not take the short way.
  return LETTERS_AND_DIGITS.test(text) ? [text.toLowerCase()] : split(clean(text).normalize("NFD"));
}

/** Without what is not text, every space plain and ideographs set apart. */
function clean(text: string): string {
  let cleaned = "";
  for (const character of text) {
    const kind = classOf(character);
    if (kind === DROPPED) continue;
    if (kind === SPACE) cleaned += " ";
    else cleaned += kind === IDEOGRAPH ? ` ${character} ` : character;
  }
  return cleaned;
}

function split(decomposed: string): readonly string[] {
  const words: string[] = [];
  let word = "";
  const end = () => {
    if (word !== "") words.push(word);
    word = "";
  };
  for (const character of decomposed) {
    const kind = classOf(character);
    if (kind === MARK) continue;
    if (kind === SPACE) end();
    else if (kind === PUNCTUATION) {
      end();
      words.push(character);
    }
    // One by one: lower-casing a whole word makes a final sigma of the last one.
    else word += character.toLowerCase();
  }
  end();
  return words;
}

function classOf(character: string): number {
  return CHARACTER_CLASSES[character.codePointAt(0) as number] as number;
}
