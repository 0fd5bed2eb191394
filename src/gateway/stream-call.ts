import type { DescMethodServerStreaming, JsonValue, Message } from "@bufbuild/protobuf";
import type { ContextValues, Transport } from "@connectrpc/connect";
import type { UniversalServerRequest, UniversalServerResponse } from "@connectrpc/connect/protocol";
import { addAnswered } from "./headers.ts";
import { type StreamFormat, streamFormat } from "./stream-output.ts";

/** One call of a server stream. */
export interface StreamCall {
  readonly transport: Transport;
  readonly method: DescMethodServerStreaming;
  readonly request: UniversalServerRequest;
  readonly message: Message;
  readonly header: Headers;
  readonly values: ContextValues | undefined;
  readonly timeoutMs: number | undefined;
  /** The error body of a stream that breaks off. */
  readonly errorBody: (error: unknown) => JsonValue;
}

const encoder = new TextEncoder();

/**
 * Calls a server stream and answers its messages as the client pulls them. The status waits for the first message, so that a
 * refused call rejects, and answers with the status of its rejection. A client that goes away cancels the call.
 */
export async function callStream(call: StreamCall): Promise<UniversalServerResponse> {
  const { signal } = call.request;
  const abort = new AbortController();
  const onAbort = () => {
    abort.abort(signal.reason);
    messages?.return?.().catch(() => {});
  };
  let messages: AsyncIterator<Message> | undefined;
  const end = () => {
    signal.removeEventListener("abort", onAbort);
    abort.abort();
    // A generator that waits at a yield hears no signal; one that is busy returns when it is done.
    messages?.return?.().catch(() => {});
  };
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) {
    onAbort();
  }
  try {
    const { transport, method, message, timeoutMs, header, values, request } = call;
    const answer = await transport.stream(method, abort.signal, timeoutMs, header, only(message), values);
    messages = answer.message[Symbol.asyncIterator]();
    const first = await messages.next();
    const format = streamFormat(request.header.get("accept"));
    const framing = { "content-type": format.contentType, "cache-control": "no-store" };
    return {
      status: 200,
      header: addAnswered(new Headers(framing), answer.header),
      body: abandonable(write(call, format, messages, first), end),
    };
  } catch (error) {
    end();
    throw error;
  }
}

async function* write(
  { method, request, errorBody }: StreamCall,
  format: StreamFormat,
  messages: AsyncIterator<Message>,
  first: IteratorResult<Message>,
): AsyncGenerator<Uint8Array> {
  try {
    for (let next = first; !next.done; next = await messages.next()) {
      yield encoder.encode(format.message(method.output, next.value));
    }
    // A stream that an abort has ended while its reader was slow is no whole stream.
    request.signal.throwIfAborted();
  } catch (error) {
    yield encoder.encode(format.error(errorBody(error)));
  }
}

/** Runs `end` when the reader is done, also where it leaves before its first read, which a generator does not notice. */
function abandonable(body: AsyncGenerator<Uint8Array>, end: () => void): AsyncIterable<Uint8Array> {
  const iterator: AsyncIterator<Uint8Array> = {
    async next() {
      const result = await body.next();
      if (result.done) {
        end();
      }
      return result;
    },
    async return() {
      end();
      return body.return(undefined);
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

async function* only(message: Message): AsyncGenerator<Message> {
  yield message;
}
