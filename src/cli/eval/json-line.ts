/** A member's name or an item's index, from the outside inwards. */
export type JsonPath = readonly (string | number)[];

/** The line, from 1, on which the value at a path begins; of a value that is not there, the line of what should hold it. */
export function lineOfJson(text: string, path: JsonPath): number {
  let at = skipSpace(text, 0);
  for (const step of path) {
    const next = inside(text, at, step);
    if (next === null) break;
    at = next;
  }
  return lineAt(text, at);
}

/** The line, from 1, of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

/** Where the value of a member or item begins; null where there is none. Expects text that JSON.parse accepts. */
function inside(text: string, start: number, step: string | number): number | null {
  const isObject = text[start] === "{";
  if (!isObject && text[start] !== "[") return null;
  let at = skipSpace(text, start + 1);
  for (let index = 0; at < text.length && text[at] !== "}" && text[at] !== "]"; index++) {
    let name: string | number = index;
    if (isObject) {
      const end = skipValue(text, at);
      name = JSON.parse(text.slice(at, end)) as string;
      at = skipSpace(text, skipSpace(text, end) + 1);
    }
    if (name === step) return at;
    at = skipSpace(text, skipValue(text, at));
    if (text[at] === ",") at = skipSpace(text, at + 1);
  }
  return null;
}

function skipSpace(text: string, at: number): number {
  let end = at;
  while (end < text.length && " \t\r\n".includes(text[end]!)) end++;
  return end;
}

/** The offset behind the value that begins here. */
function skipValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') at = endOfString(text, at);
    else if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") depth--;
    if (depth < 0) return at;
    if (depth > 0) continue;
    if ('"}]'.includes(text[at]!)) return at + 1;
    if (/[,\s]/.test(character)) return at;
  }
  return text.length;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}
