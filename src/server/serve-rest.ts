import { type Code, ConnectError } from "@connectrpc/connect";
import type { UniversalServerRequest, UniversalServerResponse } from "@connectrpc/connect/protocol";
import { codeToHttpStatus } from "@connectrpc/connect/protocol-connect";
import { ErrorInfoSchema } from "../../gen/server/google/rpc/error_details_pb.ts";
import type { BodyBudget, BodyShare } from "./body-budget.ts";
import type { Call, Calls } from "./calls.ts";
import { answerError } from "./error-answer.ts";
import type { Exchange } from "./exchange.ts";
import { type Limits, largestReadMaxBytes } from "./limits.ts";
import type { Logger } from "./logger.ts";
import type { Quota } from "./quota.ts";
import { BodyChunks, finishRequest, isCompressed, skipRequest } from "./request-body.ts";
import { keyOf, universalRequest } from "./universal-request.ts";
import { sendUniversalResponse } from "./universal-response.ts";

const PATIENCE_MS = 1_000;
const STREAM_TYPES = /^(application\/x-ndjson|text\/event-stream)\b/i;

export interface RestServerParts {
  readonly rest: (request: UniversalServerRequest) => Promise<UniversalServerResponse | null>;
  readonly calls: Calls;
  readonly strangers: Quota;
  readonly budget: BodyBudget;
  readonly limits: Limits;
  readonly logger: Logger;
}

/** Serves what is no RPC by the function that the application gave. */
export class RestServer {
  readonly #parts: RestServerParts;
  readonly #calls: Calls;
  readonly #limits: Limits;
  readonly #logger: Logger;

  constructor(parts: RestServerParts) {
    this.#parts = parts;
    this.#calls = parts.calls;
    this.#limits = parts.limits;
    this.#logger = parts.logger;
  }

  /** Resolves false where there is no such route. */
  async serve(exchange: Exchange): Promise<boolean> {
    const rejections = this.#calls.rejections;
    const call = this.#calls.open(exchange, "unary");
    const share = this.#parts.budget.share(keyOf(exchange));
    const body = this.#bodyOf(exchange, share);
    const patience = new Patience(call, exchange, body);
    const timeoutMs = this.#limits.requestTimeoutMs;
    body.timeout(timeoutMs, () => rejections.make("DEADLINE_EXCEEDED", `no whole request within ${timeoutMs} ms`));
    // A shorter one that the caller names is kept by the gateway.
    call.deadline(this.#limits.unaryDeadlineMs);
    try {
      const response = await patience.wait(this.#parts.rest(universalRequest(exchange, call, body)));
      // Whoever was recognised by an old key, and refused for it, is a stranger now.
      if (!body.begun && !exchange.gone && !this.#parts.strangers.enter(exchange)) {
        return true;
      }
      if (!response) {
        return false;
      }
      await (response.status < 400 ? finishRequest(exchange) : skipRequest(exchange));
      if (STREAM_TYPES.test(response.header?.get("content-type") ?? "")) {
        call.becomeStream();
        call.deadline(this.#limits.streamDeadlineMs);
      }
      await sendUniversalResponse(exchange, response, this.#limits.writeStallMs);
    } catch (error) {
      await this.#fail(exchange, call, error);
    } finally {
      patience.end();
      share.release();
      call.finish();
    }
    return true;
  }

  /** The application begins to read it when it knows who calls. */
  #bodyOf(exchange: Exchange, share: BodyShare): BodyChunks {
    const maxBytes = largestReadMaxBytes(this.#limits);
    return new BodyChunks(exchange.body, {
      maxBytes,
      tooLarge: () => this.#calls.rejections.tooLarge(maxBytes),
      share,
      inflatedBytes: isCompressed(exchange) ? maxBytes : 0,
      onRead: () => this.#parts.strangers.leave(exchange),
    });
  }

  async #fail(exchange: Exchange, call: Call, error: unknown): Promise<void> {
    if (exchange.answered || exchange.gone) {
      if (!exchange.gone) {
        call.abort(this.#calls.rejections.make("CANCELLED", "the response could not be sent"));
        this.#logger.info({ err: error, path: exchange.path }, "ended a response early");
      }
      exchange.abort();
      return;
    }
    await finishRequest(exchange);
    if (error instanceof ConnectError) {
      answerError(exchange, httpStatus(error), error);
      return;
    }
    this.#logger.error({ err: error, path: exchange.path }, "a REST call failed");
    answerError(exchange, 500, this.#calls.rejections.make("INTERNAL", "internal error", {}, error));
  }
}

/**
 * What an aborted call's implementation gets to answer in its own words, error body and all. One that pays no attention to its
 * signal is left behind after a second: refused if it has not begun to answer, cut off if it has.
 */
class Patience {
  readonly #call: Call;
  #timer: NodeJS.Timeout | undefined;
  #reject: ((reason: ConnectError) => void) | undefined;

  constructor(call: Call, exchange: Exchange, body: BodyChunks) {
    this.#call = call;
    call.onAbort((reason) => {
      body.fail(reason);
      this.#timer = setTimeout(() => {
        if (exchange.answered) {
          exchange.abort();
          this.#call.finish();
        }
        this.#reject?.(reason);
      }, PATIENCE_MS);
    });
  }

  wait<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      promise.then(resolve, reject);
    });
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

/** The status of the listener's own rejections: a body over the limit is 413, where Connect's table would say 429. */
function httpStatus(error: ConnectError): number {
  const resourceExhausted: Code = 8;
  const overloaded = error.findDetails(ErrorInfoSchema)[0]?.reason === "OVERLOADED";
  return error.code === resourceExhausted && !overloaded ? 413 : codeToHttpStatus(error.code);
}
