/** A text array as Postgres reads it. */
export function arrayLiteral(texts: readonly string[]): string {
  if (texts.length === 0) {
    return "{}";
  }
  const quoted = texts.map((text) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`);
  return `{${quoted.join(",")}}`;
}
