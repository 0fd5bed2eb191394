import type { Interceptor } from "@connectrpc/connect";
import { DomainError } from "../../domain/failure.ts";
import type { Authenticator } from "../../usecases/administration/authenticate.ts";
import { kApi, kCaller, kCallId } from "../context.ts";
import { credentialsOf } from "../credentials.ts";
import { scopeOf } from "../scope.ts";

/**
 * Puts the caller into the context, or refuses the call. The listener has let it in by its headers already; its message may have
 * taken long since then, so that the credentials are looked at again, and before each message of a stream: the authenticator
 * remembers them for a moment.
 */
export function authenticate(authenticator: Pick<Authenticator, "authenticate">): Interceptor {
  return (next) => async (req) => {
    const scope = scopeOf(req.service, req.method.localName);
    if (scope === undefined) {
      throw new DomainError("SCOPE_MISSING", "no key may call this method", { scope: "" });
    }
    const asked = { scope, callId: req.contextValues.get(kCallId), api: req.contextValues.get(kApi) };
    const verify = () => authenticator.authenticate({ ...credentialsOf(req.header), ...asked });
    req.contextValues.set(kCaller, await verify());
    const res = await next(req);
    return res.stream ? { ...res, message: whileVerified(res.message, verify) } : res;
  };
}

async function* whileVerified<T>(messages: AsyncIterable<T>, verify: () => Promise<unknown>): AsyncGenerator<T> {
  for await (const message of messages) {
    await verify();
    yield message;
  }
}
