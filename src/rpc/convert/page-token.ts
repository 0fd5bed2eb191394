import type { DescMessage, Message } from "@bufbuild/protobuf";
import { DomainError } from "../../domain/failure.ts";
import { bytesHash, messageHash } from "./message-hash.ts";

/** The version that tokens are made in, and by which rule each that is still taken binds its arguments. */
const VERSION = 2;
const HASH_RULES: Readonly<Record<number, typeof messageHash | typeof bytesHash>> = { 1: bytesHash, 2: messageHash };
const HASH_BYTES = 8;

/** What a page token is bound to: the method, the workspace and every argument but the page's own size and token. */
export interface PageScope {
  readonly method: string;
  readonly workspaceId: string;
  readonly schema: DescMessage;
  readonly request: Message & { pageSize: number; pageToken: string };
}

/** Unsigned, as the predicates of the next page hold anyway. */
export async function encodePageToken(scope: PageScope, lastKey: string): Promise<string> {
  const hash = await hashOf(scope, VERSION);
  return Buffer.concat([Buffer.from([VERSION]), hash!, Buffer.from(lastKey, "utf8")]).toString("base64url");
}

/** The last key of the page before; null for the first page. Throws PAGE_TOKEN_INVALID. */
export async function decodePageToken(scope: PageScope, isKey: RegExp): Promise<string | null> {
  const token = scope.request.pageToken;
  if (token === "") {
    return null;
  }
  const bytes = Buffer.from(token, "base64url");
  const hash = await hashOf(scope, bytes[0]!);
  const lastKey = bytes.subarray(1 + HASH_BYTES).toString("utf8");
  if (!hash?.equals(bytes.subarray(1, 1 + HASH_BYTES)) || !isKey.test(lastKey)) {
    const message = "page_token: is damaged, or belongs to a call with other arguments";
    throw new DomainError("PAGE_TOKEN_INVALID", message, { field: "page_token" });
  }
  return lastKey;
}

/** Undefined: there is no such version. */
async function hashOf({ method, workspaceId, schema, request }: PageScope, version: number) {
  const bound = { ...request, pageSize: 0, pageToken: "" };
  const hash = await HASH_RULES[version]?.(`${method} ${workspaceId} `, schema, bound);
  return hash?.subarray(0, HASH_BYTES);
}

/** Keys of pages that are ordered by id. */
export const ID_KEY: RegExp = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
