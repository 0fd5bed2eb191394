import { createContextValues } from "@connectrpc/connect";
import type { Call, Calls } from "./calls.ts";
import { answerError, answerGrpcError, isGrpc } from "./error-answer.ts";
import type { Exchange } from "./exchange.ts";
import type { Limits } from "./limits.ts";
import type { Logger } from "./logger.ts";
import { BodyChunks, drainBody, finishRequest } from "./request-body.ts";
import type { RpcHandler } from "./rpc-handlers.ts";
import { kSentMessage, SentMessage } from "./sent-message.ts";
import { universalRequest } from "./universal-request.ts";
import { sendUniversalResponse } from "./universal-response.ts";

/** Serves RPCs by Connect's universal handlers: every protocol, every kind of method. */
export class RpcServer {
  readonly #calls: Calls;
  readonly #limits: Limits;
  readonly #logger: Logger;

  constructor(calls: Calls, limits: Limits, logger: Logger) {
    this.#calls = calls;
    this.#limits = limits;
    this.#logger = logger;
  }

  async serve(exchange: Exchange, rpc: RpcHandler): Promise<void> {
    const refusals = this.#calls.refusals;
    if (!rpc.handle.allowedMethods.includes(exchange.method)) {
      const allow = rpc.handle.allowedMethods.join(", ");
      await finishRequest(exchange);
      const error = refusals.make("ROUTE_NOT_FOUND", `${exchange.method} is not allowed here, only ${allow}`);
      answerError(exchange, 405, error, { allow });
      return;
    }
    const kind = rpc.handle.method.methodKind;
    const call = this.#calls.open(exchange, kind === "unary" ? "unary" : "stream");
    const body = new BodyChunks(exchange.body, Number.POSITIVE_INFINITY, () => refusals.tooLarge(rpc.readMaxBytes));
    call.onAbort((reason) => body.fail(reason));
    const sendsOne = kind === "unary" || kind === "server_streaming";
    if (sendsOne) {
      const timeoutMs = this.#limits.requestTimeoutMs;
      body.timeout(timeoutMs, () => refusals.make("DEADLINE_EXCEEDED", `no whole request within ${timeoutMs} ms`));
    }
    // A shorter one that the caller names is kept by Connect's handler, which reads the header of its own protocol alone.
    call.deadline(kind === "unary" ? this.#limits.unaryDeadlineMs : this.#limits.streamDeadlineMs);
    try {
      const sent = sendsOne && isJson(exchange) ? new SentMessage(rpc.codec) : undefined;
      const values = createContextValues().set(kSentMessage, sent);
      const response = await rpc.handle(universalRequest(exchange, call, sent?.pass(body) ?? body, values));
      // Over HTTP/1.1 a client sends all it has before it reads; over HTTP/2 a stream may answer while it is being sent.
      const drainFirst = sendsOne || exchange.httpVersion !== "2.0";
      if (!drainFirst || !(await drainBody(exchange.body))) {
        exchange.refuseRest();
      }
      if (response.status >= 400 && !response.body) {
        this.#refuseProtocol(exchange, response.status);
      } else {
        await sendUniversalResponse(exchange, response, this.#limits.writeStallMs);
      }
    } catch (error) {
      this.#fail(exchange, call, error);
    } finally {
      call.finish();
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
    answerError(exchange, status, this.#calls.refusals.malformed(message));
  }

  #fail(exchange: Exchange, call: Call, error: unknown): void {
    if (call.signal.aborted || exchange.gone) {
      exchange.abort();
      return;
    }
    if (error instanceof Error && error.name === "StalledReader") {
      call.abort(this.#calls.refusals.make("CANCELLED", error.message));
      exchange.abort();
      this.#logger.info({ path: exchange.path }, "ended a response that nobody reads");
      return;
    }
    this.#logger.error({ err: error, path: exchange.path }, "an RPC failed outside its protocol");
    const failure = this.#calls.refusals.make("INTERNAL", "internal error", {}, error);
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
