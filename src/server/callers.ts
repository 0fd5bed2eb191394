import type { DescMethod } from "@bufbuild/protobuf";
import { type ConnectError, type ContextValues, createContextValues } from "@connectrpc/connect";
import type { Exchange } from "./exchange.ts";
import type { Quota } from "./quota.ts";
import { headersOf } from "./universal-request.ts";

type MaybePromise<T> = T | Promise<T>;

/** What becomes of a call by its headers alone: the values that go with it, or why it is refused. */
export type Admission = { readonly values: ContextValues } | { readonly rejection: ConnectError };

/** Finds out who calls. Neither method throws or rejects. */
export interface Admissions {
  /** At once where the caller is known already. */
  admit(method: DescMethod, header: Headers): MaybePromise<Admission>;
  /** True where the headers name a caller who was known a while ago. */
  recognises(header: Headers): boolean;
}

/** An admission, and the headers that it was read from. Null: there was no room to wait in, and the exchange is closed. */
export type Admitted = (Admission & { readonly header: Headers }) | null;

/** Holds the callers of RPCs up, before their bodies are read, until it is known who they are. */
export class Callers {
  readonly #admissions: Admissions | undefined;
  readonly #strangers: Quota;

  /** Without `admissions` everybody may call. */
  constructor(admissions: Admissions | undefined, strangers: Quota) {
    this.#admissions = admissions;
    this.#strangers = strangers;
  }

  /** True where a request shows a key that was good a while ago. */
  recognises(exchange: Exchange): boolean {
    return this.#admissions?.recognises(headersOf(exchange)) ?? false;
  }

  admit(exchange: Exchange, method: DescMethod): MaybePromise<Admitted> {
    const header = headersOf(exchange);
    if (this.#admissions === undefined) {
      return { values: createContextValues(), header };
    }
    const admission = this.#admissions.admit(method, header);
    if (!(admission instanceof Promise)) {
      return this.#settle(exchange, admission, header);
    }
    // Whoever was known a moment ago waits for the look-up outside the room that strangers share.
    return this.#admissions.recognises(header) || this.#strangers.enter(exchange)
      ? admission.then((settled) => this.#settle(exchange, settled, header))
      : null;
  }

  #settle(exchange: Exchange, admission: Admission, header: Headers): Admitted {
    if ("values" in admission) {
      this.#strangers.leave(exchange);
      return { values: admission.values, header };
    }
    return this.#strangers.enter(exchange) ? { rejection: admission.rejection, header } : null;
  }
}
