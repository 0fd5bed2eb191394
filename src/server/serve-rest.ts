import { type Code, ConnectError } from "@connectrpc/connect";
import type { UniversalServerRequest, UniversalServerResponse } from "@connectrpc/connect/protocol";
import { codeToHttpStatus } from "@connectrpc/connect/protocol-connect";
import type { Call, Calls } from "./calls.ts";
import { answerError } from "./error-answer.ts";
import type { Exchange } from "./exchange.ts";
import { type Limits, largestReadMaxBytes } from "./limits.ts";
import type { Logger } from "./logger.ts";
import { BodyChunks, drainBody } from "./request-body.ts";
import { universalRequest } from "./universal-request.ts";
import { sendUniversalResponse } from "./universal-response.ts";

const STREAM_TYPES = /^(application\/x-ndjson|text\/event-stream)\b/i;

type Rest = (request: UniversalServerRequest) => Promise<UniversalServerResponse | null>;

/** Serves what is no RPC by the function that the application gave. */
export class RestServer {
  readonly #rest: Rest;
  readonly #calls: Calls;
  readonly #limits: Limits;
  readonly #logger: Logger;

  constructor(rest: Rest, calls: Calls, limits: Limits, logger: Logger) {
    this.#rest = rest;
    this.#calls = calls;
    this.#limits = limits;
    this.#logger = logger;
  }

  /** Resolves false where there is no such route. */
  async serve(exchange: Exchange): Promise<boolean> {
    const refusals = this.#calls.refusals;
    const call = this.#calls.open(exchange, "unary");
    const maxBytes = largestReadMaxBytes(this.#limits);
    const body = new BodyChunks(exchange.body, maxBytes, () => refusals.tooLarge(maxBytes));
    call.onAbort((reason) => body.fail(reason));
    const timeoutMs = this.#limits.requestTimeoutMs;
    body.timeout(timeoutMs, () => refusals.make("DEADLINE_EXCEEDED", `no whole request within ${timeoutMs} ms`));
    if (!namesDeadline(exchange)) {
      call.deadline(this.#limits.unaryDeadlineMs);
    }
    try {
      const response = await this.#rest(universalRequest(exchange, call, body));
      if (!response) {
        return false;
      }
      if (!(await drainBody(exchange.body))) {
        exchange.refuseRest();
      }
      if (STREAM_TYPES.test(response.header?.get("content-type") ?? "")) {
        call.becomeStream();
        if (!namesDeadline(exchange)) {
          call.deadline(this.#limits.streamDeadlineMs);
        }
      }
      await sendUniversalResponse(exchange, response, this.#limits.writeStallMs);
    } catch (error) {
      await this.#fail(exchange, call, error);
    } finally {
      call.finish();
    }
    return true;
  }

  async #fail(exchange: Exchange, call: Call, error: unknown): Promise<void> {
    if (exchange.answered || exchange.gone) {
      if (!exchange.gone) {
        call.abort(this.#calls.refusals.make("CANCELLED", "the response could not be sent"));
        this.#logger.info({ err: error, path: exchange.path }, "ended a response early");
      }
      exchange.abort();
      return;
    }
    if (!(await drainBody(exchange.body))) {
      exchange.refuseRest();
    }
    if (error instanceof ConnectError) {
      answerError(exchange, httpStatus(error), error);
      return;
    }
    this.#logger.error({ err: error, path: exchange.path }, "a REST call failed");
    answerError(exchange, 500, this.#calls.refusals.make("INTERNAL", "internal error", {}, error));
  }
}

/** The status of the listener's own refusals: a body over the limit is 413, where Connect's table would say 429. */
function httpStatus(error: ConnectError): number {
  const resourceExhausted: Code = 8;
  return error.code === resourceExhausted ? 413 : codeToHttpStatus(error.code);
}

/** The gateway knows these two headers and keeps to them by itself. */
function namesDeadline({ headers }: Exchange): boolean {
  return headers["request-timeout"] !== undefined || headers["connect-timeout-ms"] !== undefined;
}
