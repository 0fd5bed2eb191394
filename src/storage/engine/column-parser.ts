/** Reads one column's text into the value that rows carry. */
export type ColumnParser = (text: string) => unknown;

function asText(text: string): string {
  return text;
}

/** Elements of a one-dimensional array without nulls, such as text[] and uuid[]. */
function asTextArray(text: string): readonly string[] {
  if (text === "{}") {
    return [];
  }
  if (!text.includes('"')) {
    return text.slice(1, -1).split(",");
  }
  const found: string[] = [];
  let element = "";
  let quoted = false;
  for (let i = 1; i < text.length - 1; i++) {
    const c = text[i]!;
    if (c === "\\") {
      element += text[++i];
    } else if (c === '"') {
      quoted = !quoted;
    } else if (c === "," && !quoted) {
      found.push(element);
      element = "";
    } else {
      element += c;
    }
  }
  found.push(element);
  return found;
}

function asNumberArray(text: string): readonly number[] {
  return asTextArray(text).map(Number);
}

/** `2026-11-21 10:07:25.123+00`, whatever the session's time zone; years 1 to 9999. */
function asInstant(text: string): Date {
  let iso = `${text.slice(0, 10)}T${text.slice(11)}`;
  if (iso.charCodeAt(iso.length - 3) !== 58) {
    iso += ":00";
  }
  return new Date(iso);
}

function asBytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.slice(2), "hex"));
}

const PARSERS = new Map<number, ColumnParser>([
  [16, (text) => text === "t"],
  [17, asBytes],
  [20, Number],
  [21, Number],
  [23, Number],
  [26, Number],
  [114, JSON.parse],
  [700, Number],
  [701, Number],
  [1005, asNumberArray],
  [1007, asNumberArray],
  [1009, asTextArray],
  [1184, asInstant],
  [2951, asTextArray],
  [3802, JSON.parse],
]);

/** Parser of a type's text format, by the type's OID. */
export function columnParser(oid: number): ColumnParser {
  return PARSERS.get(oid) ?? asText;
}
