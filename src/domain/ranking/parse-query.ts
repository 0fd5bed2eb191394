/** A query in the syntax of web searches. */
export interface ParsedQuery {
  /** All of it that is looked for, without its signs: what is embedded and read into words. */
  readonly text: string;
  /** Quoted words, which must stand in a result side by side. */
  readonly phrases: readonly string[];
  /** Words and quoted words that must not stand in a result. */
  readonly excluded: readonly string[];
}

/** A minus counts before a letter or a quote alone, so that `--flag`, `a - b`, `-5` and `5" pipe` are what they look like. */
const SIGN = /(?<=^|\s)-(?=["“\p{L}])|(?<![\p{L}\p{N}])["“]/gu;
const CLOSING = /["“”]/g;

/** Reads `"quoted words"`, `-word` and `-"quoted words"`; a quote without its fellow is a plain character. */
export function parseQuery(query: string): ParsedQuery {
  const text: string[] = [];
  const phrases: string[] = [];
  const excluded: string[] = [];
  let at = 0;
  while (at < query.length) {
    const sign = next(SIGN, query, at);
    if (sign === null) break;
    text.push(query.slice(at, sign.index));
    const isMinus = sign[0] === "-";
    const opening = isMinus ? sign.index + 1 : sign.index;
    const isQuoted = !isMinus || query[opening] === '"' || query[opening] === "“";
    const end = isQuoted ? next(CLOSING, query, opening + 1) : next(/\s|$/g, query, opening);
    if (end === null) {
      text.push(query.slice(sign.index, opening + 1));
      at = opening + 1;
      continue;
    }
    const words = query.slice(isQuoted ? opening + 1 : opening, end.index).trim();
    at = end.index + end[0].length;
    if (words === "") continue;
    (isMinus ? excluded : phrases).push(words);
    text.push(isMinus ? "" : words, " ");
  }
  return { text: [...text, query.slice(at)].join("").trim(), phrases, excluded };
}

function next(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from;
  return pattern.exec(text);
}
