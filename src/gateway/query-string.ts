import { malformed } from "./failure.ts";

/** One parameter of a query string, decoded. */
export type QueryParameter = readonly [name: string, value: string];

/** Splits a URL, absolute or not, into its escaped path and query string; the fragment is dropped, dots are kept. */
export function splitUrl(url: string): { path: string; query: string } {
  const end = url.indexOf("#");
  const whole = end < 0 ? url : url.slice(0, end);
  const start = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?]*/.exec(whole)?.[0].length ?? 0;
  const question = whole.indexOf("?", start);
  const path = whole.slice(start, question < 0 ? undefined : question);
  return { path: path === "" ? "/" : path, query: question < 0 ? "" : whole.slice(question + 1) };
}

/** The parameters of a query string in order; `+` is a space. Refuses malformed escapes and what is no UTF-8. */
export function parseQuery(query: string): QueryParameter[] {
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const equals = pair.indexOf("=");
      const name = decode(equals < 0 ? pair : pair.slice(0, equals), "query");
      return [name, equals < 0 ? "" : decode(pair.slice(equals + 1), name)];
    });
}

function decode(text: string, field: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch (cause) {
    throw malformed(field, "is not valid percent-encoded UTF-8", cause);
  }
}
