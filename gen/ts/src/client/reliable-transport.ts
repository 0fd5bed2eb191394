import type { DescMessage, DescMethodStreaming, DescMethodUnary, MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError, type ContextValues, type Transport } from "@connectrpc/connect";
import { backoffMs, pause } from "./backoff.ts";
import { CairnError } from "./cairn-error.ts";
import { abandonment, callFailure } from "./call-failure.ts";
import { callTimeout } from "./call-timeout.ts";
import { linkedController } from "./linked-signal.ts";
import { isTransient, repeatable } from "./safe-to-repeat.ts";
import type { Settings } from "./settings.ts";

/** What of the settings decides over a call. */
type Rules = Pick<Settings, "url" | "headers" | "timeoutMs" | "attempts">;

/**
 * A transport that sends the client's headers, gives unary calls a deadline, repeats what is safe to repeat within it, and throws
 * CairnErrors. A stream is repeated only before its first message, and its signal has to be aborted when it is done. Every call ends with
 * the signal `closed`.
 */
export function reliableTransport(inner: Transport, rules: Rules, closed: AbortSignal): Transport {
  const { url, headers } = rules;
  return {
    async unary<I extends DescMessage, O extends DescMessage>(
      method: DescMethodUnary<I, O>,
      signal: AbortSignal | undefined,
      timeoutMs: number | undefined,
      header: HeadersInit | undefined,
      input: MessageInitShape<I>,
      values?: ContextValues,
    ) {
      const message = repeatable(method, input);
      const limitMs = callTimeout(timeoutMs, rules.timeoutMs);
      const sent = withHeaders(headers, header);
      const call = linkedController(signal, closed);
      try {
        return await persist(message === null ? 1 : rules.attempts, limitMs, call.signal, url, (leftMs) =>
          inner.unary<I, O>(method, call.signal, leftMs, sent, (message ?? input) as MessageInitShape<I>, values),
        );
      } finally {
        call.abort();
      }
    },
    async stream<I extends DescMessage, O extends DescMessage>(
      method: DescMethodStreaming<I, O>,
      signal: AbortSignal | undefined,
      timeoutMs: number | undefined,
      header: HeadersInit | undefined,
      input: AsyncIterable<MessageInitShape<I>>,
      values?: ContextValues,
    ) {
      const [only, more] = await firstTwo(input);
      const message = more === undefined && only !== undefined ? repeatable(method, only) : null;
      const limitMs = callTimeout(timeoutMs, undefined);
      const sent = withHeaders(headers, header);
      const call = linkedController(signal, closed).signal;
      return persist(message === null ? 1 : rules.attempts, limitMs, call, url, async (leftMs) => {
        const messages = message === null ? replay(only, more) : one(message as MessageInitShape<I>);
        const answer = await inner.stream<I, O>(method, call, leftMs, sent, messages, values);
        const iterator = answer.message[Symbol.asyncIterator]();
        return { ...answer, message: continued(await iterator.next(), iterator, call, url) };
      });
    },
  };
}

async function persist<T>(
  attempts: number,
  timeoutMs: number | undefined,
  signal: AbortSignal,
  url: string,
  call: (leftMs: number | undefined) => Promise<T>,
): Promise<T> {
  const until = timeoutMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + timeoutMs;
  for (let attempt = 1; ; attempt++) {
    if (signal.aborted) throw abandonment(signal.reason);
    try {
      const leftMs = timeoutMs === undefined ? undefined : Math.max(1, Math.ceil(until - performance.now()));
      return await call(leftMs);
    } catch (thrown) {
      const error = callFailure(thrown, signal, url);
      const waitMs = backoffMs(attempt);
      if (attempt >= attempts || !isTransient(error) || performance.now() + waitMs >= until) throw error;
      await pause(waitMs, signal);
    }
  }
}

function withHeaders(ours: Readonly<Record<string, string>>, given: HeadersInit | undefined): HeadersInit {
  try {
    return { ...ours, ...Object.fromEntries(new Headers(given)) };
  } catch {
    // Without what fetch says of it, which shows the value.
    throw new CairnError(new ConnectError("headers have a name or value that HTTP cannot carry", Code.InvalidArgument));
  }
}

async function* continued<T>(first: IteratorResult<T>, iterator: AsyncIterator<T>, signal: AbortSignal, url: string) {
  try {
    for (let step = first; !step.done; step = await iterator.next()) yield step.value;
  } catch (thrown) {
    throw callFailure(thrown, signal, url);
  }
}

/** What comes after the first message of a stream that has more than one. */
interface More<T> {
  readonly value: T;
  readonly rest: AsyncIterator<T>;
}

async function firstTwo<T>(messages: AsyncIterable<T>): Promise<readonly [T | undefined, More<T> | undefined]> {
  const iterator = messages[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) return [undefined, undefined];
  const second = await iterator.next();
  return [first.value, second.done ? undefined : { value: second.value, rest: iterator }];
}

async function* replay<T>(only: T | undefined, more: More<T> | undefined) {
  if (only !== undefined) yield only;
  if (more === undefined) return;
  yield more.value;
  yield* { [Symbol.asyncIterator]: () => more.rest };
}

async function* one<T>(message: T) {
  yield message;
}
