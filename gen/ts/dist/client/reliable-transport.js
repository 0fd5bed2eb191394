import { Code, ConnectError } from "@connectrpc/connect";
import { backoffMs, pause } from "./backoff.js";
import { CairnError } from "./cairn-error.js";
import { abandonment, callFailure } from "./call-failure.js";
import { callTimeout } from "./call-timeout.js";
import { linkedController } from "./linked-signal.js";
import { isTransient, repeatable } from "./safe-to-repeat.js";
/**
 * A transport that sends the client's headers, gives unary calls a deadline, repeats what is safe to repeat within it, and throws
 * CairnErrors. A stream is repeated only before its first message, and its signal has to be aborted when it is done. Every call ends with
 * the signal `closed`.
 */
export function reliableTransport(inner, rules, closed) {
    const { url, headers } = rules;
    return {
        async unary(method, signal, timeoutMs, header, input, values) {
            const message = repeatable(method, input);
            const limitMs = callTimeout(timeoutMs, rules.timeoutMs);
            const sent = withHeaders(headers, header);
            const call = linkedController(signal, closed);
            try {
                return await persist(message === null ? 1 : rules.attempts, limitMs, call.signal, url, (leftMs) => inner.unary(method, call.signal, leftMs, sent, (message ?? input), values));
            }
            finally {
                call.abort();
            }
        },
        async stream(method, signal, timeoutMs, header, input, values) {
            const [only, more] = await firstTwo(input);
            const message = more === undefined && only !== undefined ? repeatable(method, only) : null;
            const limitMs = callTimeout(timeoutMs, undefined);
            const sent = withHeaders(headers, header);
            const call = linkedController(signal, closed).signal;
            return persist(message === null ? 1 : rules.attempts, limitMs, call, url, async (leftMs) => {
                const messages = message === null ? replay(only, more) : one(message);
                const answer = await inner.stream(method, call, leftMs, sent, messages, values);
                const iterator = answer.message[Symbol.asyncIterator]();
                return { ...answer, message: continued(await iterator.next(), iterator, call, url) };
            });
        },
    };
}
async function persist(attempts, timeoutMs, signal, url, call) {
    const until = timeoutMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + timeoutMs;
    for (let attempt = 1;; attempt++) {
        if (signal.aborted)
            throw abandonment(signal.reason);
        try {
            const leftMs = timeoutMs === undefined ? undefined : Math.max(1, Math.ceil(until - performance.now()));
            return await call(leftMs);
        }
        catch (thrown) {
            const error = callFailure(thrown, signal, url);
            const waitMs = backoffMs(attempt);
            if (attempt >= attempts || !isTransient(error) || performance.now() + waitMs >= until)
                throw error;
            await pause(waitMs, signal);
        }
    }
}
function withHeaders(ours, given) {
    try {
        return { ...ours, ...Object.fromEntries(new Headers(given)) };
    }
    catch {
        // Without what fetch says of it, which shows the value.
        throw new CairnError(new ConnectError("headers have a name or value that HTTP cannot carry", Code.InvalidArgument));
    }
}
async function* continued(first, iterator, signal, url) {
    try {
        for (let step = first; !step.done; step = await iterator.next())
            yield step.value;
    }
    catch (thrown) {
        throw callFailure(thrown, signal, url);
    }
}
async function firstTwo(messages) {
    const iterator = messages[Symbol.asyncIterator]();
    const first = await iterator.next();
    if (first.done)
        return [undefined, undefined];
    const second = await iterator.next();
    return [first.value, second.done ? undefined : { value: second.value, rest: iterator }];
}
async function* replay(only, more) {
    if (only !== undefined)
        yield only;
    if (more === undefined)
        return;
    yield more.value;
    yield* { [Symbol.asyncIterator]: () => more.rest };
}
async function* one(message) {
    yield message;
}
