import type { JsonValue } from "@bufbuild/protobuf";
import { malformed } from "./failure.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Parses bytes as one JSON value. Refuses what is no UTF-8, no JSON, or names a key of an object twice. */
export function parseJsonBytes(bytes: Uint8Array): JsonValue {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch (cause) {
    throw malformed("", "is not valid UTF-8", cause);
  }
  return parseJsonText("", text);
}

/** As parseJsonBytes, for text that a field holds. */
export function parseJsonText(field: string, text: string): JsonValue {
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    // The engine's message quotes the body; its place in the text is all that is passed on.
    const place = cause instanceof Error ? /position (\d+)/.exec(cause.message)?.[1] : undefined;
    throw malformed(
      field,
      place === undefined ? "is not valid JSON" : `is not valid JSON at character ${place}`,
      cause,
    );
  }
  const twice = duplicateKey(text);
  if (twice !== null) {
    throw malformed(field || twice, field ? `holds the key ${JSON.stringify(twice)} twice` : "is given twice");
  }
  return value;
}

/**
 * The first key that one object of a JSON text holds twice, or null. JSON.parse keeps the last silently. Expects text that
 * JSON.parse has accepted.
 */
function duplicateKey(text: string): string | null {
  const open: (Set<string> | null)[] = [];
  let key = false;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x7b: // {
        open.push(new Set());
        key = true;
        break;
      case 0x5b: // [
        open.push(null);
        key = false;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        open.pop();
        key = false;
        break;
      case 0x2c: // ,
        key = open[open.length - 1] != null;
        break;
      case 0x22: {
        const end = endOfString(text, at);
        const seen = open[open.length - 1];
        if (key && seen) {
          const name: string = JSON.parse(text.slice(at, end + 1));
          if (seen.has(name)) {
            return name;
          }
          seen.add(name);
        }
        key = false;
        at = end;
      }
    }
  }
  return null;
}

/** Index of the quote that closes the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text.charCodeAt(at) !== 0x22) {
    at += text.charCodeAt(at) === 0x5c ? 2 : 1;
  }
  return at;
}
