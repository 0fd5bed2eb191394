import {
  create,
  type DescMessage,
  type DescMethodStreaming,
  type DescMethodUnary,
  type DescService,
  isMessage,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type ContextValues,
  createContextValues,
  type HandlerContext,
  type Interceptor,
  type ServiceImpl,
  type StreamResponse,
  type Transport,
  type UnaryResponse,
} from "@connectrpc/connect";
import { CallDeadline } from "./call-deadline.ts";
import { kApi } from "./context.ts";

/** A service and what serves it. */
export interface MountedService {
  readonly service: DescService;
  readonly implementation: Partial<ServiceImpl<DescService>>;
  /** Outermost first. */
  readonly interceptors: readonly Interceptor[];
}

/** Pairs a service with its implementation while their types still match; a mounted one has forgotten them. */
export function mount<S extends DescService>(
  service: S,
  implementation: ServiceImpl<S>,
  interceptors: readonly Interceptor[],
): MountedService {
  return { service, implementation: implementation as unknown as Partial<ServiceImpl<DescService>>, interceptors };
}

type Call = Parameters<ReturnType<Interceptor>>[0];
type Answer = Awaited<ReturnType<ReturnType<Interceptor>>>;
type Invoke = (call: Call) => Promise<Answer>;

/**
 * Calls services of this process through their interceptors, without a byte of a wire format: the way of the REST gateway, the
 * dialects and the listener's fast path. Calls that it makes come through `api`.
 */
export function createInProcessTransport(services: readonly MountedService[], api = "native"): Transport {
  const invokers = new Map<string, Invoke>();
  for (const mounted of services) {
    for (const method of mounted.service.methods) {
      invokers.set(`${mounted.service.typeName}/${method.name}`, invokerOf(mounted, method.localName));
    }
  }
  const invoke = (
    method: DescMethodUnary | DescMethodStreaming,
    signal: AbortSignal,
    header: HeadersInit | undefined,
    message: object,
    values: ContextValues | undefined,
  ) => {
    const invoker = invokers.get(`${method.parent.typeName}/${method.name}`);
    if (!invoker) {
      throw new ConnectError(`${method.parent.typeName}/${method.name} is not served here`, Code.Unimplemented);
    }
    const contextValues = values ?? createContextValues();
    contextValues.set(kApi, api);
    return invoker({
      stream: method.methodKind !== "unary",
      method,
      service: method.parent,
      requestMethod: "POST",
      url: `in-process:/${method.parent.typeName}/${method.name}`,
      signal,
      header: header instanceof Headers ? header : new Headers(header),
      contextValues,
      message,
    } as Call);
  };
  return {
    async unary<I extends DescMessage, O extends DescMessage>(
      method: DescMethodUnary<I, O>,
      signal: AbortSignal | undefined,
      timeoutMs: number | undefined,
      header: HeadersInit | undefined,
      input: MessageInitShape<I>,
      contextValues?: ContextValues,
    ) {
      const deadline = new CallDeadline(signal, timeoutMs);
      try {
        const message = messageOf(method.input, input);
        return (await invoke(method, deadline.signal, header, message, contextValues)) as UnaryResponse<I, O>;
      } finally {
        deadline.clear();
      }
    },
    async stream<I extends DescMessage, O extends DescMessage>(
      method: DescMethodStreaming<I, O>,
      signal: AbortSignal | undefined,
      timeoutMs: number | undefined,
      header: HeadersInit | undefined,
      input: AsyncIterable<MessageInitShape<I>>,
      contextValues?: ContextValues,
    ) {
      const deadline = new CallDeadline(signal, timeoutMs);
      try {
        const messages = mapAsync(input, (init) => messageOf(method.input, init));
        const answer = (await invoke(method, deadline.signal, header, messages, contextValues)) as StreamResponse<I, O>;
        return { ...answer, message: thenClear(answer.message, deadline) };
      } catch (error) {
        deadline.clear();
        throw error;
      }
    },
  };
}

function invokerOf(mounted: MountedService, localName: string): Invoke {
  const implementation = Reflect.get(mounted.implementation, localName) as
    | ((message: unknown, context: HandlerContext) => unknown)
    | undefined;
  const handle: Invoke = async (call) => {
    if (!implementation) {
      throw new ConnectError(`${call.service.typeName}/${call.method.name} is not implemented`, Code.Unimplemented);
    }
    const context = contextOf(call);
    const { responseHeader: header, responseTrailer: trailer } = context;
    const common = { service: call.service, method: call.method, header, trailer };
    if (!call.stream) {
      const output = (await implementation(call.message, context)) as object;
      return { ...common, stream: false, message: messageOf(call.method.output, output) } as Answer;
    }
    const request = await singleOf(call.message);
    const output = implementation(request, context) as AsyncIterable<object>;
    return {
      ...common,
      stream: true,
      message: mapAsync(output, (init) => messageOf(call.method.output, init)),
    } as Answer;
  };
  return mounted.interceptors.reduceRight<Invoke>((next, interceptor) => interceptor(next), handle);
}

function contextOf(call: Call): HandlerContext {
  return {
    method: call.method,
    service: call.service,
    signal: call.signal,
    timeoutMs: () => undefined,
    requestMethod: call.requestMethod,
    requestHeader: call.header,
    responseHeader: new Headers(),
    responseTrailer: new Headers(),
    protocolName: "in-process",
    values: call.contextValues,
    url: call.url,
  };
}

function messageOf<D extends DescMessage>(schema: D, init: object): MessageShape<D> {
  return isMessage(init, schema) ? init : create(schema, init as MessageInitShape<D>);
}

async function singleOf<T>(messages: AsyncIterable<T>): Promise<T> {
  for await (const message of messages) {
    return message;
  }
  throw new ConnectError("the stream has no request message", Code.InvalidArgument);
}

async function* mapAsync<T, U>(items: AsyncIterable<T>, map: (item: T) => U): AsyncGenerator<U> {
  for await (const item of items) {
    yield map(item);
  }
}

async function* thenClear<T>(items: AsyncIterable<T>, deadline: CallDeadline): AsyncGenerator<T> {
  try {
    yield* items;
  } finally {
    deadline.clear();
  }
}
