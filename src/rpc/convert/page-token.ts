import { createHash } from "node:crypto";
import type { DescMessage, Message } from "@bufbuild/protobuf";
import { toBinary } from "@bufbuild/protobuf";
import { DomainError } from "../../domain/failure.ts";

const VERSION = 1;
const HASH_BYTES = 8;

/** What a page token is bound to: the method, the workspace and every argument but the page's own size and token. */
export interface PageScope {
  readonly method: string;
  readonly workspaceId: string;
  readonly schema: DescMessage;
  readonly request: Message & { pageSize: number; pageToken: string };
}

/** Unsigned, as the predicates of the next page hold anyway. */
export function encodePageToken(scope: PageScope, lastKey: string): string {
  return Buffer.concat([Buffer.from([VERSION]), hashOf(scope), Buffer.from(lastKey, "utf8")]).toString("base64url");
}

/** The last key of the page before; null for the first page. Throws PAGE_TOKEN_INVALID. */
export function decodePageToken(scope: PageScope, isKey: RegExp): string | null {
  const token = scope.request.pageToken;
  if (token === "") {
    return null;
  }
  const bytes = Buffer.from(token, "base64url");
  const lastKey = bytes.subarray(1 + HASH_BYTES).toString("utf8");
  const sound = bytes[0] === VERSION && bytes.subarray(1, 1 + HASH_BYTES).equals(hashOf(scope)) && isKey.test(lastKey);
  if (!sound) {
    const message = "page_token: is damaged, or belongs to a call with other arguments";
    throw new DomainError("PAGE_TOKEN_INVALID", message, { field: "page_token" });
  }
  return lastKey;
}

function hashOf(scope: PageScope): Buffer {
  const bound = { ...scope.request, pageSize: 0, pageToken: "" };
  const hash = createHash("sha256").update(`${scope.method} ${scope.workspaceId} `);
  return hash.update(toBinary(scope.schema, bound)).digest().subarray(0, HASH_BYTES);
}

/** Keys of pages that are ordered by id. */
export const ID_KEY: RegExp = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
