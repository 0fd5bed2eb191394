import type { Interceptor } from "@connectrpc/connect";
import type { Caller, KeyScope } from "../../domain/caller.ts";
import { DomainError } from "../../domain/failure.ts";
import { kCaller, kCallId, kDoor } from "../context.ts";
import { scopeOf } from "../scope.ts";

const BEARER = /^Bearer +([\x21-\x7e]{1,200})$/i;
const AGENT_HEADER = "cairn-agent";

/** What a call's headers say of who asks. */
export interface Credentials {
  readonly secret: string;
  /** UUID or handle of the `cairn-agent` header; null: none. */
  readonly agent: string | null;
  readonly scope: KeyScope;
  readonly callId: string;
  readonly door: string;
}

/**
 * Puts the caller into the context, or refuses the call before anything reads its message. A stream is refused in its middle: the
 * credentials are looked at again before each message, so `verify` remembers them for a moment.
 */
export function authenticate(verify: (credentials: Credentials) => Promise<Caller>): Interceptor {
  return (next) => async (req) => {
    const scope = scopeOf(req.service, req.method.localName);
    if (scope === undefined) {
      throw new DomainError("SCOPE_MISSING", "no key may call this method", { scope: "" });
    }
    const credentials = {
      secret: secretOf(req.header.get("authorization")),
      agent: req.header.get(AGENT_HEADER),
      scope,
      callId: req.contextValues.get(kCallId),
      door: req.contextValues.get(kDoor),
    };
    req.contextValues.set(kCaller, await verify(credentials));
    const res = await next(req);
    return res.stream ? { ...res, message: whileVerified(res.message, () => verify(credentials)) } : res;
  };
}

async function* whileVerified<T>(messages: AsyncIterable<T>, verify: () => Promise<unknown>): AsyncGenerator<T> {
  for await (const message of messages) {
    await verify();
    yield message;
  }
}

function secretOf(authorization: string | null): string {
  if (authorization === null || authorization === "") {
    throw new DomainError("CREDENTIALS_MISSING", "no credentials: send the header `Authorization: Bearer <key>`");
  }
  const match = BEARER.exec(authorization);
  if (match === null) {
    throw new DomainError("CREDENTIALS_INVALID", "the Authorization header is not `Bearer <key>`");
  }
  return match[1]!;
}
