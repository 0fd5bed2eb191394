/** What an origin looks like, as the end of a sentence. */
export const ORIGIN_FORM: string =
  "origins such as https://app.example.com or http://localhost:3000, comma-separated: scheme, host and a port that is not the " +
  "scheme's own, as a browser sends them, without path, final slash or credentials";

/** A scheme and an authority, which no browser sends in any other spelling. */
const ORIGIN = /^([a-z][a-z0-9+.-]*):\/\/([a-z0-9.-]+|\[[0-9a-f:]+\])(:\d{1,5})?$/;

/** Whether a browser could send this as the `Origin` of a page; applications have schemes of their own. `null` is none. */
export function isWebOrigin(text: string): boolean {
  const [, scheme] = ORIGIN.exec(text) ?? [];
  if (scheme === undefined || !URL.canParse(text)) return false;
  const isWeb = scheme === "http" || scheme === "https";
  return !isWeb || new URL(text).origin === text;
}
