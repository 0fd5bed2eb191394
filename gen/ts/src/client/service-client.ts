import type {
  DescMessage,
  DescMethodServerStreaming,
  DescService,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import { type CallOptions, type Client, createClient, type Transport } from "@connectrpc/connect";
import { leavable } from "./leavable.ts";
import { linkedController } from "./linked-signal.ts";

/** A call whose answer is a stream. */
type Streaming<I extends DescMessage, O extends DescMessage> = (
  request: MessageInitShape<I>,
  options?: CallOptions,
) => AsyncIterable<MessageShape<O>>;

/** What Connect makes of a service, with the streams as generators, whose `return` ends the call. */
export type ServiceClient<S extends DescService> = {
  [Name in keyof Client<S>]: S["method"][Name] extends DescMethodServerStreaming<infer I, infer O>
    ? (request: MessageInitShape<I>, options?: CallOptions) => AsyncGenerator<MessageShape<O>, void, undefined>
    : Client<S>[Name];
};

/**
 * Connect's own client of a service, except that leaving a server's stream early cancels it on the server: the stock one reads on to the end,
 * unseen.
 */
export function serviceClient<S extends DescService>(service: S, transport: Transport): ServiceClient<S> {
  const client: Record<string, unknown> = createClient(service, transport);
  for (const method of service.methods.filter((one) => one.methodKind === "server_streaming")) {
    const stock = client[method.localName] as Streaming<DescMessage, DescMessage>;
    client[method.localName] = (request: MessageInitShape<DescMessage>, options?: CallOptions) =>
      cancelling(stock, request, options);
  }
  return client as ServiceClient<S>;
}

/** Begins the call when the first message is asked for. */
function cancelling<I extends DescMessage, O extends DescMessage>(
  call: Streaming<I, O>,
  request: MessageInitShape<I>,
  options: CallOptions | undefined,
): AsyncGenerator<MessageShape<O>, void, undefined> {
  let controller: AbortController | undefined;
  let isLeft = false;
  async function* read() {
    const own = linkedController(options?.signal);
    controller = own;
    try {
      yield* call(request, { ...options, signal: own.signal });
    } catch (error) {
      if (!isLeft) throw error;
    } finally {
      own.abort();
    }
  }
  return leavable(read(), () => {
    isLeft = true;
    controller?.abort();
  });
}
