import { create, type DescMethod } from "@bufbuild/protobuf";
import { ConnectError, type ContextValues, createContextValues, type Interceptor } from "@connectrpc/connect";
import type { Authenticator, Identity } from "../usecases/administration/authenticate.ts";
import { kApi } from "./context.ts";
import { credentialsOf } from "./credentials.ts";
import { scopeOf } from "./scope.ts";

/** What becomes of a call by its headers alone: it goes on with context values of its own, or it is refused. */
export type Admission = { readonly values: ContextValues } | { readonly rejection: ConnectError };

type Call = Parameters<ReturnType<Interceptor>>[0];
const NEVER = new AbortController().signal;

/** Finds out who calls, and whether the key may, before a byte of the message is read. */
export class Admissions {
  readonly #authenticator: Pick<Authenticator, "identify" | "recognises" | "demandScope">;
  readonly #interceptors: readonly Interceptor[];
  readonly #api: string;

  /** The interceptors, outermost first, see the calls that are refused here: they give them their id, their line in the log and their wire form. */
  constructor(authenticator: Authenticator, interceptors: readonly Interceptor[], api = "native") {
    this.#authenticator = authenticator;
    this.#interceptors = interceptors;
    this.#api = api;
  }

  /** At once where the key is known already. Never throws and never rejects. */
  admit(method: DescMethod, header: Headers): Admission | Promise<Admission> {
    try {
      const identity = this.#authenticator.identify(credentialsOf(header));
      return identity instanceof Promise
        ? identity.then((known) => this.#admitted(method, known)).catch((error) => this.#refuse(method, header, error))
        : this.#admitted(method, identity);
    } catch (error) {
      return this.#refuse(method, header, error);
    }
  }

  /** True where the key was good a while ago. */
  recognises(header: Headers): boolean {
    try {
      return this.#authenticator.recognises(credentialsOf(header).secret);
    } catch {
      return false;
    }
  }

  /** The methods of a dialect have no scope of their own: the native call inside asks for it. */
  #admitted(method: DescMethod, identity: Identity): Admission {
    const scope = scopeOf(method.parent, method.localName);
    if (scope !== undefined) {
      this.#authenticator.demandScope(identity, scope);
    }
    return { values: createContextValues() };
  }

  async #refuse(method: DescMethod, header: Headers, failure: unknown): Promise<Admission> {
    const path = `/${method.parent.typeName}/${method.name}`;
    const call = {
      ...{ stream: false, method, service: method.parent, requestMethod: "POST", url: `in-process:${path}` },
      ...{ signal: NEVER, header, message: create(method.input) },
      contextValues: createContextValues().set(kApi, this.#api),
    } as Call;
    const fail = () => Promise.reject(failure);
    try {
      await this.#interceptors.reduceRight<ReturnType<Interceptor>>(
        (next, interceptor) => interceptor(next),
        fail,
      )(call);
    } catch (error) {
      return { rejection: ConnectError.from(error) };
    }
    throw new Error("a refused call was answered");
  }
}
