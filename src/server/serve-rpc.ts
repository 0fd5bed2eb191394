import { createContextValues } from "@connectrpc/connect";
import type { BodyBudget, BodyShare } from "./body-budget.ts";
import type { Admitted, Callers } from "./callers.ts";
import type { Call, Calls } from "./calls.ts";
import { answerError, answerGrpcError, isGrpc } from "./error-answer.ts";
import type { Exchange } from "./exchange.ts";
import type { Limits } from "./limits.ts";
import type { Logger } from "./logger.ts";
import type { Quota } from "./quota.ts";
import { BodyChunks, drainBody, isCompressed, skipRequest } from "./request-body.ts";
import { kRefusal, type RpcHandler } from "./rpc-handlers.ts";
import { kSentMessage, SentMessage } from "./sent-message.ts";
import { headersOf, keyOf, universalRequest } from "./universal-request.ts";
import { sendUniversalResponse } from "./universal-response.ts";

export interface RpcServerParts {
  readonly calls: Calls;
  readonly callers: Callers;
  readonly strangers: Quota;
  readonly openStreams: Quota;
  readonly budget: BodyBudget;
  readonly limits: Limits;
  readonly logger: Logger;
}

/** Serves RPCs by Connect's universal handlers: every protocol, every kind of method. */
export class RpcServer {
  readonly #parts: RpcServerParts;
  readonly #calls: Calls;
  readonly #limits: Limits;
  readonly #logger: Logger;

  constructor(parts: RpcServerParts) {
    this.#parts = parts;
    this.#calls = parts.calls;
    this.#limits = parts.limits;
    this.#logger = parts.logger;
  }

  async serve(exchange: Exchange, rpc: RpcHandler): Promise<void> {
    const rejections = this.#calls.rejections;
    if (!rpc.handle.allowedMethods.includes(exchange.method)) {
      if (!this.#parts.strangers.enter(exchange)) {
        return;
      }
      const allow = rpc.handle.allowedMethods.join(", ");
      await skipRequest(exchange);
      const error = rejections.make("ROUTE_NOT_FOUND", `${exchange.method} is not allowed here, only ${allow}`);
      answerError(exchange, 405, error, { allow });
      return;
    }
    const kind = rpc.handle.method.methodKind;
    const call = this.#calls.open(exchange, kind === "unary" ? "unary" : "stream");
    // A shorter one that the caller names is kept by Connect's handler, which reads the header of its own protocol alone.
    call.deadline(kind === "unary" ? this.#limits.unaryDeadlineMs : this.#limits.streamDeadlineMs);
    const share = this.#parts.budget.share(keyOf(exchange));
    try {
      const admitted = await this.#admit(exchange, rpc);
      if (admitted !== null) {
        await this.#handle(exchange, rpc, call, admitted, share);
      }
    } catch (error) {
      this.#fail(exchange, call, error);
    } finally {
      share.release();
      call.finish();
    }
  }

  #admit(exchange: Exchange, rpc: RpcHandler): Admitted | Promise<Admitted> {
    const { callers, openStreams, strangers } = this.#parts;
    if (!rpc.open) {
      return callers.admit(exchange, rpc.handle.method);
    }
    const quota = rpc.handle.method.methodKind === "unary" ? strangers : openStreams;
    return quota.enter(exchange) ? { values: createContextValues(), header: headersOf(exchange) } : null;
  }

  async #handle(
    exchange: Exchange,
    rpc: RpcHandler,
    call: Call,
    admitted: NonNullable<Admitted>,
    share: BodyShare,
  ): Promise<void> {
    const { rejections } = this.#calls;
    const refused = "rejection" in admitted;
    if (refused && isGrpc(exchange.headers["content-type"])) {
      await skipRequest(exchange);
      answerGrpcError(exchange, admitted.rejection);
      return;
    }
    const kind = rpc.handle.method.methodKind;
    const sendsOne = kind === "unary" || kind === "server_streaming";
    // What a client stream sends is held one message at a time.
    const counted = sendsOne && !rpc.open ? share : undefined;
    const body = new BodyChunks(exchange.body, {
      maxBytes: Number.POSITIVE_INFINITY,
      tooLarge: () => rejections.tooLarge(rpc.readMaxBytes),
      share: counted,
      inflatedBytes: isCompressed(exchange) ? rpc.readMaxBytes : 0,
    });
    call.onAbort((reason) => body.fail(reason));
    if (sendsOne) {
      const timeoutMs = this.#limits.requestTimeoutMs;
      body.timeout(timeoutMs, () => rejections.make("DEADLINE_EXCEEDED", `no whole request within ${timeoutMs} ms`));
    }
    const values = refused ? createContextValues().set(kRefusal, admitted.rejection) : admitted.values;
    const sent = sendsOne && isJson(exchange) ? new SentMessage(rpc.codec) : undefined;
    values.set(kSentMessage, sent);
    const response = await rpc.handle(
      universalRequest(exchange, call, sent?.pass(body) ?? body, values, admitted.header),
    );
    // Over HTTP/1.1 a client sends all it has before it reads; over HTTP/2 a stream may answer while it is being sent.
    const drainFirst = exchange.httpVersion !== "2.0" || (sendsOne && !refused);
    if (!drainFirst || !(await drainBody(exchange.body))) {
      exchange.refuseRest();
    }
    if (response.status >= 400 && !response.body) {
      this.#refuseProtocol(exchange, response.status);
    } else {
      await sendUniversalResponse(exchange, response, this.#limits.writeStallMs);
    }
  }

  /** Connect leaves these answers without a body. */
  #refuseProtocol(exchange: Exchange, status: number): void {
    const type = exchange.headers["content-type"];
    const message =
      status === 505
        ? "this method needs HTTP/2"
        : `no method of this server takes the content type ${type ? JSON.stringify(type) : "that was not sent"}`;
    // A client that expects full duplex may hang unless the connection is closed.
    exchange.refuseRest();
    answerError(exchange, status, this.#calls.rejections.malformed(message));
  }

  #fail(exchange: Exchange, call: Call, error: unknown): void {
    if (call.signal.aborted || exchange.gone) {
      exchange.abort();
      return;
    }
    if (error instanceof Error && error.name === "StalledReader") {
      call.abort(this.#calls.rejections.make("CANCELLED", error.message));
      exchange.abort();
      this.#logger.info({ path: exchange.path }, "ended a response that nobody reads");
      return;
    }
    this.#logger.error({ err: error, path: exchange.path }, "an RPC failed outside its protocol");
    const failure = this.#calls.rejections.make("INTERNAL", "internal error", {}, error);
    if (exchange.answered) {
      exchange.abort();
    } else if (isGrpc(exchange.headers["content-type"])) {
      answerGrpcError(exchange, failure);
    } else {
      answerError(exchange, 500, failure);
    }
  }
}

function isJson(exchange: Exchange): boolean {
  return /^application\/[a-z-]+\+json\b/.test(exchange.headers["content-type"] ?? "");
}
