/** Names of one query that are looked for letter by letter; the rest are found by their words alone. */
const MOST_NAMES = 8;
const LONGEST = 200;

/** What words are made of, for a class of a regular expression. */
export const LETTER = String.raw`\p{L}\p{N}\p{M}`;
const SIGN = String.raw`#$%&+./:=@\\^_~°§\p{Sc}\-`;
const RUN = new RegExp(`[${LETTER}${SIGN}]+`, "gu");
const HAS_LETTER = new RegExp(`[${LETTER}]`, "u");
/** Signs that end a name's sentence or join it to what follows; and dots of an omission, which are no path. */
const AROUND = /^\.{2,}(?![./\\])|^[.:=&/\\-]+$|[.:=&@^/\\-]+$/g;
/** Words, compounds and numbers, which the index of words holds as they are. */
const PLAIN = new RegExp(`^[${LETTER}]+(?:[.-][${LETTER}]+)*$`, "u");

/**
 * The names in a query that words do not tell from others because of the signs that they begin, end or are joined with: `C++`,
 * `.NET`, `--dry-run`, `AT&T`, `50%`. Each once, in lower case where it is ASCII; at most 8, of 200 characters at most.
 */
export function termsWithPunctuation(query: string): readonly string[] {
  const names = new Set<string>();
  for (const [run] of query.matchAll(RUN)) {
    if (run.length > LONGEST) continue;
    const name = run.replace(AROUND, "");
    if (!HAS_LETTER.test(name) || PLAIN.test(name) || isIndexed(name)) continue;
    names.add(name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()));
    if (names.size === MOST_NAMES) break;
  }
  return [...names];
}

/** The term with punctuation that a text consists of; null: it is another text. */
export function nameAlone(text: string): string | null {
  const [name, ...others] = termsWithPunctuation(text);
  if (name === undefined || others.length > 0) return null;
  return HAS_LETTER.test(text.toLowerCase().replace(name.toLowerCase(), "")) ? null : name;
}

/** The index of words holds these whole, as `is_identifier` of the database says. */
function isIndexed(name: string): boolean {
  if (!/^[A-Za-z0-9][A-Za-z0-9_@./\\:#+~=-]*[A-Za-z0-9]$/.test(name)) return false;
  if (/[@/\\_]|[A-Za-z0-9]\.[A-Za-z]/.test(name)) return name.length >= 3;
  return name.length >= 5 && /[0-9]/.test(name);
}
