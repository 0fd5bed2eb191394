import type { Callers } from "./callers.ts";
import type { Cors } from "./cors.ts";
import { answerError, answerGrpcError, isGrpc } from "./error-answer.ts";
import type { Exchange } from "./exchange.ts";
import type { Limits } from "./limits.ts";
import type { ListenerOptions } from "./listener-options.ts";
import type { Logger } from "./logger.ts";
import type { Probes } from "./probes.ts";
import type { Quota } from "./quota.ts";
import type { Rejections } from "./rejection.ts";
import { skipRequest } from "./request-body.ts";
import type { RpcHandler } from "./rpc-handlers.ts";
import type { RestServer } from "./serve-rest.ts";
import type { RpcServer } from "./serve-rpc.ts";
import type { UnaryServer } from "./serve-unary.ts";
import { AuthorityCheck } from "./universal-request.ts";
import { sendUniversalResponse } from "./universal-response.ts";

/** What a dispatcher chooses from. */
export interface Targets {
  readonly rpcs: ReadonlyMap<string, RpcHandler>;
  readonly rpcServer: RpcServer;
  /** Undefined: no fast path. */
  readonly unaryServer: UnaryServer | undefined;
  readonly rest: RestServer | undefined;
  readonly probes: Probes;
  readonly notFound: ListenerOptions["notFound"];
  readonly cors: Cors;
  readonly callers: Callers;
  readonly strangers: Quota;
  /** Of /healthz, /readyz and /metrics, which answer while strangers have taken all of theirs. */
  readonly probeQuota: Quota;
  readonly rejections: Rejections;
  readonly limits: Limits;
  readonly logger: Logger;
}

/** Sends each request where it belongs: an RPC by its path, a page, the REST interface, or a rejection. */
export class Dispatcher {
  readonly #targets: Targets;
  readonly #authorities = new AuthorityCheck();

  constructor(targets: Targets) {
    this.#targets = targets;
  }

  /** Never throws and never rejects: one request must not end the process. */
  dispatch(exchange: Exchange): void {
    this.#route(exchange).catch((error: unknown) => {
      this.#targets.logger.error({ err: error, path: exchange.path }, "a request failed");
      if (exchange.answered) {
        exchange.abort();
      } else {
        answerError(exchange, 500, this.#targets.rejections.make("INTERNAL", "internal error", {}, error));
      }
    });
  }

  async #route(exchange: Exchange): Promise<void> {
    const { rpcs, rpcServer, unaryServer, probes, rest, rejections } = this.#targets;
    const rpc = rpcs.get(exchange.path);
    const namesHost = this.#authorities.accepts(exchange.authority);
    if (!this.#enters(exchange, rpc !== undefined && namesHost)) {
      return;
    }
    if (!namesHost) {
      exchange.refuseRest();
      answerError(exchange, 400, rejections.malformed("the Host header names no host"));
      return;
    }
    if (this.#targets.cors.handle(exchange)) {
      return;
    }
    if (rpc) {
      return unaryServer?.serve(exchange, rpc) ? undefined : rpcServer.serve(exchange, rpc);
    }
    if (isGrpc(exchange.headers["content-type"])) {
      // At once, whatever the client still wants to send: it may wait for the answer first.
      exchange.refuseRest();
      answerGrpcError(exchange, rejections.make("ROUTE_NOT_FOUND", `no method ${exchange.path}`));
      return;
    }
    if (probes.has(exchange.path)) {
      return probes.serve(exchange);
    }
    if (!(await rest?.serve(exchange))) {
      await this.#refuseRoute(exchange);
    }
  }

  /** An RPC finds out by itself who calls; everything else is a stranger's until it is known better. */
  #enters(exchange: Exchange, isRpc: boolean): boolean {
    const { callers, probes, probeQuota, rest, strangers } = this.#targets;
    if (isRpc && exchange.method !== "OPTIONS") {
      return true;
    }
    if (probes.watches(exchange.path)) {
      return probeQuota.enter(exchange);
    }
    const forRest = rest !== undefined && !probes.has(exchange.path) && exchange.method !== "OPTIONS";
    return (forRest && callers.recognises(exchange)) || strangers.enter(exchange);
  }

  async #refuseRoute(exchange: Exchange): Promise<void> {
    const { notFound, rejections, limits } = this.#targets;
    await skipRequest(exchange);
    if (notFound) {
      const response = notFound({ method: exchange.method, path: exchange.path });
      await sendUniversalResponse(exchange, response, limits.writeStallMs);
      return;
    }
    answerError(exchange, 404, rejections.noRoute(exchange.method, exchange.path));
  }
}
