import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import type { Rejections } from "./rejection.ts";
import { kSentMessage, type SentMessage } from "./sent-message.ts";

/**
 * The outermost interceptor of the universal handlers. A call whose signal is aborted ends at once and with the signal's own
 * reason, whatever its implementation does; a message that cannot be decoded is the caller's fault, not INTERNAL.
 */
export function guardCalls(rejections: Rejections): Interceptor {
  return (next) => async (req) => {
    const abort = new AbortRace(req.signal, rejections);
    try {
      if (!req.stream) {
        return await abort.race(next(req));
      }
      const res = await abort.race(
        next({ ...req, message: decoded(req.message, rejections, req.contextValues.get(kSentMessage)) }),
      );
      return res.stream ? { ...res, message: guarded(res.message, abort) } : res;
    } finally {
      if (!req.stream) {
        abort.release();
      }
    }
  };
}

async function* decoded<T>(messages: AsyncIterable<T>, rejections: Rejections, sent?: SentMessage): AsyncGenerator<T> {
  try {
    yield* messages;
  } catch (error) {
    throw isUndecoded(error) ? (sent?.fault() ?? rejections.malformed(error.rawMessage, error)) : error;
  }
}

/** Connect answers INTERNAL to a binary message that does not parse, and to neither kind with the details of our errors. */
function isUndecoded(error: unknown): error is ConnectError {
  if (!(error instanceof ConnectError) || error.details.length > 0) return false;
  const isBinary = error.code === Code.Internal && error.rawMessage.startsWith("parse binary");
  return isBinary || error.code === Code.InvalidArgument;
}

async function* guarded<T>(messages: AsyncIterable<T>, abort: AbortRace): AsyncGenerator<T> {
  const iterator = messages[Symbol.asyncIterator]();
  let done = false;
  try {
    for (;;) {
      const next = await abort.race(iterator.next());
      if (next.done) {
        done = true;
        abort.throwIfAborted();
        return;
      }
      yield next.value;
    }
  } finally {
    abort.release();
    if (!done) {
      iterator.return?.().catch(() => {});
    }
  }
}

/** Races promises against one signal with one listener for all of them. */
class AbortRace {
  readonly #signal: AbortSignal;
  readonly #rejections: Rejections;
  readonly #listener = () => this.#reject?.(this.#reason());
  #reject: ((reason: unknown) => void) | undefined;

  constructor(signal: AbortSignal, rejections: Rejections) {
    this.#signal = signal;
    this.#rejections = rejections;
    signal.addEventListener("abort", this.#listener);
  }

  throwIfAborted(): void {
    if (this.#signal.aborted) {
      throw this.#reason();
    }
  }

  race<T>(promise: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#signal.aborted) {
        promise.catch(() => {});
        reject(this.#reason());
        return;
      }
      this.#reject = reject;
      promise.then(resolve, (error) => reject(this.#signal.aborted ? this.#reason() : error));
    });
  }

  #reason(): ConnectError {
    return abortError(this.#signal.reason, this.#rejections);
  }

  release(): void {
    this.#reject = undefined;
    this.#signal.removeEventListener("abort", this.#listener);
  }
}

/** What an aborted signal's reason means to the caller: our own rejections as they are, Connect's timer and all else by their code. */
function abortError(reason: unknown, rejections: Rejections): ConnectError {
  if (reason instanceof ConnectError) {
    return reason.code === Code.DeadlineExceeded && reason.details.length === 0
      ? rejections.make("DEADLINE_EXCEEDED", "the deadline passed")
      : reason;
  }
  return rejections.make("CANCELLED", "the call was cancelled");
}
