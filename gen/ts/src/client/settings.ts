import type { CairnOptions } from "./options.ts";
import { VERSION } from "./version.ts";

const DEFAULT_URL = "http://127.0.0.1:8080";
const UNARY_TIMEOUT_MS = 30_000;
const ATTEMPTS = 4;

/** The caller's options, checked and complete. */
export interface Settings {
  /** Without a slash at the end. */
  readonly url: string;
  readonly attempts: number;
  /** Of a unary call; Infinity: none. */
  readonly timeoutMs: number;
  readonly protocol: NonNullable<CairnOptions["protocol"]>;
  readonly json: boolean;
  readonly ca: CairnOptions["ca"];
  /** Sent with every call. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Completes the caller's options from CAIRN_URL and CAIRN_API_KEY and the defaults.
 *
 * @throws TypeError that names the option which is wrong, and never shows a key.
 */
export function settingsOf(options: CairnOptions): Settings {
  const env = runtime()?.env ?? {};
  const url =
    options.url === undefined ? checkedUrl("CAIRN_URL", env.CAIRN_URL || DEFAULT_URL) : checkedUrl("url", options.url);
  const apiKey =
    options.apiKey === undefined
      ? checkedWord("CAIRN_API_KEY", env.CAIRN_API_KEY)
      : checkedWord("apiKey", options.apiKey);
  const agent = checkedWord("agent", options.agent);
  const attempts = options.attempts ?? ATTEMPTS;
  if (!Number.isInteger(attempts) || attempts < 0) throw new TypeError("attempts has to be a whole number, 0 or more");
  const timeoutMs = options.timeoutMs ?? UNARY_TIMEOUT_MS;
  if (!(timeoutMs > 0)) throw new TypeError("timeoutMs has to be a number above 0");
  return {
    url,
    attempts,
    timeoutMs,
    protocol: options.protocol ?? "connect",
    json: options.json ?? false,
    ca: options.ca,
    headers: {
      ...(!apiKey ? {} : { authorization: `Bearer ${apiKey}` }),
      ...(!agent ? {} : { "cairn-agent": agent }),
      ...userAgent(),
    },
  };
}

function checkedUrl(name: string, text: string): string {
  const isAddress = /^https?:\/\/[^/]/i.test(text) && URL.canParse(text);
  // Before an @ there may be a password.
  const shown = /@/.test(text) ? "" : `, not be "${text}"`;
  if (!isAddress) throw new TypeError(`${name} has to begin with http:// or https://${shown}`);
  const url = new URL(text);
  if (url.username || url.password || url.search || url.hash) {
    throw new TypeError(`${name} has to be an address without user, query and fragment`);
  }
  return url.href.replace(/\/+$/, "");
}

function checkedWord(name: string, text: string | undefined): string | undefined {
  if (text && !/^[!-~]+$/.test(text)) {
    throw new TypeError(`${name} has a character that no header may carry, such as a space or a line's end`);
  }
  return text;
}

/** A page may not set `user-agent`; the server reads `x-user-agent` likewise. */
function userAgent(): Readonly<Record<string, string>> {
  const product = `cairn-ts/${VERSION}`;
  const node = runtime()?.versions?.node;
  return node === undefined ? { "x-user-agent": product } : { "user-agent": `${product} node/${node}` };
}

/** What a page does not have, and other runtimes may have in part. */
interface Runtime {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly versions?: { readonly node?: string };
}

function runtime(): Runtime | undefined {
  return (globalThis as { process?: Runtime }).process;
}
