import { type Credentials, headersOf } from "./wires.ts";

/** A finished HTTP exchange. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The body as sent. */
  readonly text: string;
  /** The body's JSON; undefined where it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the shape that it asks for
  readonly json: any;
}

/** One REST call; `body` is sent as JSON unless it is text already. */
export async function rest(
  app: { readonly url: string },
  credentials: Credentials,
  route: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<RestAnswer> {
  const [method = "", path = ""] = route.split(" ");
  const answer = await fetch(`${app.url}${path}`, {
    method,
    headers: {
      ...headersOf(credentials),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isRaw(body) ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: parsed(text) };
}

function isRaw(body: unknown): body is string | Uint8Array<ArrayBuffer> {
  return typeof body === "string" || body instanceof Uint8Array;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The JSON values of an NDJSON body. */
// biome-ignore lint/suspicious/noExplicitAny: each test knows the shape that it asks for
export function jsonLines(text: string): any[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}
