import { VERSION } from "./version.js";

const DEFAULT_URL = "http://127.0.0.1:8080";
const UNARY_TIMEOUT_MS = 30_000;
const ATTEMPTS = 4;

/**
 * Completes the caller's options from CAIRN_URL and CAIRN_API_KEY and the defaults.
 *
 * @throws TypeError that names the option which is wrong.
 */
export function settingsOf(options) {
  const env = globalThis.process?.env ?? {};
  const url = checkedUrl(options.url ?? (env.CAIRN_URL || DEFAULT_URL));
  const apiKey = options.apiKey ?? (env.CAIRN_API_KEY || undefined);
  const attempts = options.attempts ?? ATTEMPTS;
  if (!Number.isInteger(attempts) || attempts < 1) throw new TypeError("attempts has to be a whole number of at least 1");
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
      ...(options.agent === undefined ? {} : { "cairn-agent": options.agent }),
      ...userAgent(),
    },
  };
}

function checkedUrl(text) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new TypeError(`url has to begin with http:// or https://, not be "${text}"`);
  }
  return url.href.replace(/\/+$/, "");
}

/** A page may not set `user-agent`; the server reads `x-user-agent` likewise. */
function userAgent() {
  const product = `cairn-ts/${VERSION}`;
  const node = globalThis.process?.versions?.node;
  return node === undefined ? { "x-user-agent": product } : { "user-agent": `${product} node/${node}` };
}
