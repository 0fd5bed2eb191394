const unreserved = /^[A-Za-z0-9\-._~]$/;
const encoder = new TextEncoder();

/**
 * Rewrites a path segment so that two spellings of it compare equal: escapes of unreserved characters are undone, all other
 * escapes are upper case, and every reserved character is escaped. Null where an escape is malformed.
 */
export function canonicalSegment(segment: string): string | null {
  if (/^[A-Za-z0-9\-._~]*$/.test(segment)) {
    return segment;
  }
  let out = "";
  for (let at = 0; at < segment.length; ) {
    if (segment[at] === "%") {
      const hex = segment.slice(at + 1, at + 3);
      if (!/^[0-9A-Fa-f]{2}$/.test(hex)) {
        return null;
      }
      const char = String.fromCharCode(Number.parseInt(hex, 16));
      out += unreserved.test(char) ? char : `%${hex.toUpperCase()}`;
      at += 3;
      continue;
    }
    const char = String.fromCodePoint(segment.codePointAt(at)!);
    out += unreserved.test(char) ? char : escapeUtf8(char);
    at += char.length;
  }
  return out;
}

/** Decodes one captured segment in full. Null where its bytes are no UTF-8. */
export function decodeSegment(segment: string): string | null {
  if (!segment.includes("%")) {
    return segment;
  }
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

/**
 * Decodes a capture of several segments: everything but `%2F`, which stays escaped, so that it differs from the slashes
 * between the segments. Null where the bytes are no UTF-8.
 */
export function decodeSegments(segments: readonly string[]): string | null {
  const decoded: string[] = [];
  for (const segment of segments) {
    const parts = segment.split(/%2F/i).map(decodeSegment);
    if (parts.includes(null)) {
      return null;
    }
    decoded.push(parts.join("%2F"));
  }
  return decoded.join("/");
}

function escapeUtf8(char: string): string {
  let out = "";
  for (const byte of encoder.encode(char)) {
    out += `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}
