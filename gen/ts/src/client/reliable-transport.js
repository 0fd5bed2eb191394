import { CairnError } from "./cairn-error.js";
import { backoffMs, pause } from "./backoff.js";
import { isTransient, repeatable } from "./safe-to-repeat.js";

/**
 * A transport that sends the client's headers, gives unary calls a deadline, repeats what is safe to repeat within it, and throws
 * CairnErrors. A stream is repeated only before its first message.
 */
export function reliableTransport(inner, { headers, timeoutMs: defaultTimeoutMs, attempts }) {
  return {
    unary(method, signal, timeoutMs, header, input, values) {
      const message = repeatable(method, input);
      const limitMs = timeoutMs ?? defaultTimeoutMs;
      return persist(message === null ? 1 : attempts, limitMs, signal, (leftMs) =>
        inner.unary(method, signal, leftMs, withHeaders(headers, header), message ?? input, values),
      );
    },
    async stream(method, signal, timeoutMs, header, input, values) {
      const [only, more] = await firstTwo(input);
      const message = more === undefined && only !== undefined ? repeatable(method, only) : null;
      return persist(message === null ? 1 : attempts, timeoutMs, signal, async (leftMs) => {
        const messages = message === null ? replay(only, more) : one(message);
        const answer = await inner.stream(method, signal, leftMs, withHeaders(headers, header), messages, values);
        const iterator = answer.message[Symbol.asyncIterator]();
        return { ...answer, message: continued(await iterator.next(), iterator) };
      });
    },
  };
}

async function persist(attempts, timeoutMs, signal, call) {
  const until = timeoutMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + timeoutMs;
  for (let attempt = 1; ; attempt++) {
    try {
      const leftMs = timeoutMs === undefined ? undefined : Math.max(1, Math.ceil(until - performance.now()));
      return await call(leftMs);
    } catch (thrown) {
      const error = CairnError.from(thrown);
      const waitMs = backoffMs(attempt);
      const isLast = attempt >= attempts || !isTransient(error) || performance.now() + waitMs >= until;
      if (isLast || !(await pause(waitMs, signal))) throw error;
    }
  }
}

function withHeaders(ours, given) {
  return { ...ours, ...Object.fromEntries(new Headers(given)) };
}

async function* continued(first, iterator) {
  try {
    for (let step = first; !step.done; step = await iterator.next()) yield step.value;
  } catch (thrown) {
    throw CairnError.from(thrown);
  } finally {
    await iterator.return?.();
  }
}

async function firstTwo(messages) {
  const iterator = messages[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) return [undefined, undefined];
  const second = await iterator.next();
  return [first.value, second.done ? undefined : { value: second.value, rest: iterator }];
}

async function* replay(only, more) {
  if (only !== undefined) yield only;
  if (more === undefined) return;
  yield more.value;
  yield* { [Symbol.asyncIterator]: () => more.rest };
}

async function* one(message) {
  yield message;
}
