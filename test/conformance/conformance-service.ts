import { create, createRegistry, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { type Any, anyPack } from "@bufbuild/protobuf/wkt";
import { type Code, ConnectError, type HandlerContext, type ServiceImpl } from "@connectrpc/connect";
import {
  BidiStreamRequestSchema,
  ClientStreamRequestSchema,
  ConformancePayload_RequestInfoSchema,
  type ConformanceService,
  type Error as ErrorDefinition,
  type Header,
  IdempotentUnaryRequestSchema,
  ServerStreamRequestSchema,
  type StreamResponseDefinition,
  UnaryRequestSchema,
  type UnaryResponseDefinition,
} from "./gen/connectrpc/conformance/v1/service_pb.ts";

type RequestInfo = MessageShape<typeof ConformancePayload_RequestInfoSchema>;

/** Requests are echoed as Any, which JSON can only write with their schemas at hand. */
export const requestRegistry = createRegistry(
  UnaryRequestSchema,
  IdempotentUnaryRequestSchema,
  ServerStreamRequestSchema,
  ClientStreamRequestSchema,
  BidiStreamRequestSchema,
);

/** The service that the conformance runner calls: it answers what the request tells it to, and echoes what it has seen. */
export const conformanceService: Partial<ServiceImpl<typeof ConformanceService>> = {
  unary: (request, context) => unary(request.responseDefinition, [pack(UnaryRequestSchema, request)], context),
  idempotentUnary: (request, context) =>
    unary(request.responseDefinition, [pack(IdempotentUnaryRequestSchema, request)], context),
  async clientStream(requests, context) {
    const seen: Any[] = [];
    let definition: UnaryResponseDefinition | undefined;
    for await (const request of requests) {
      definition ??= request.responseDefinition;
      seen.push(pack(ClientStreamRequestSchema, request));
    }
    return unary(definition, seen, context);
  },
  async *serverStream(request, context) {
    const answers = new StreamAnswers(request.responseDefinition, context);
    yield* answers.rest([pack(ServerStreamRequestSchema, request)]);
  },
  async *bidiStream(requests, context) {
    let answers: StreamAnswers | undefined;
    let seen: Any[] = [];
    for await (const request of requests) {
      answers ??= new StreamAnswers(request.responseDefinition, context, request.fullDuplex);
      seen.push(pack(BidiStreamRequestSchema, request));
      if (answers.fullDuplex) {
        const answer = await answers.next(seen);
        if (!answer) {
          break;
        }
        yield answer;
        seen = [];
      }
    }
    yield* (answers ?? new StreamAnswers(undefined, context)).rest(seen);
  },
};

async function unary(definition: UnaryResponseDefinition | undefined, requests: Any[], context: HandlerContext) {
  const requestInfo = infoOf(context, requests);
  if (definition?.response.case === "error") {
    // In the error and not in the context, which the fast path's transport does not hand on with a failure.
    const metadata = new Headers();
    addHeaders(metadata, definition.responseHeaders);
    addHeaders(metadata, definition.responseTrailers);
    throw errorOf(definition.response.value, metadata, requestInfo);
  }
  addHeaders(context.responseHeader, definition?.responseHeaders);
  addHeaders(context.responseTrailer, definition?.responseTrailers);
  await delay(definition?.responseDelayMs);
  const data = definition?.response.value;
  return { payload: { requestInfo, ...(data ? { data } : {}) } };
}

class StreamAnswers {
  readonly fullDuplex: boolean;
  readonly #definition: StreamResponseDefinition | undefined;
  readonly #context: HandlerContext;
  #sent = 0;

  constructor(definition: StreamResponseDefinition | undefined, context: HandlerContext, fullDuplex = false) {
    this.#definition = definition;
    this.#context = context;
    this.fullDuplex = fullDuplex;
    addHeaders(context.responseHeader, definition?.responseHeaders);
    addHeaders(context.responseTrailer, definition?.responseTrailers);
  }

  /** One answer, or undefined where none is left. In half duplex only the first one echoes requests. */
  async next(requests: Any[]) {
    const data = this.#definition?.responseData[this.#sent];
    if (data === undefined) {
      return undefined;
    }
    await delay(this.#definition?.responseDelayMs);
    const echoes = this.fullDuplex ? requests.length > 0 : this.#sent === 0;
    this.#sent++;
    return { payload: { data, ...(echoes ? { requestInfo: infoOf(this.#context, requests) } : {}) } };
  }

  async *rest(requests: Any[]) {
    let left = requests;
    for (let answer = await this.next(left); answer; answer = await this.next(left)) {
      yield answer;
      left = [];
    }
    if (this.#definition?.error) {
      const info = this.#sent === 0 ? infoOf(this.#context, requests) : undefined;
      throw errorOf(this.#definition.error, new Headers(), info);
    }
  }
}

function infoOf(context: HandlerContext, requests: Any[]): RequestInfo {
  const timeoutMs = timeoutOf(context);
  const query = new URL(context.url).searchParams;
  const queryParams = [...new Set(query.keys())].map((name) => ({ name, value: query.getAll(name) }));
  return create(ConformancePayload_RequestInfoSchema, {
    requestHeaders: [...context.requestHeader].map(([name, value]) => ({ name, value: value.split(", ") })),
    requests,
    ...(timeoutMs === undefined ? {} : { timeoutMs: BigInt(Math.round(timeoutMs)) }),
    ...(queryParams.length > 0 ? { connectGetInfo: { queryParams } } : {}),
  });
}

/** The header itself: the transport of the fast path keeps the deadline to its signal. */
function timeoutOf(context: HandlerContext): number | undefined {
  const grpc = /^(\d+)([HMSmun])$/.exec(context.requestHeader.get("grpc-timeout") ?? "");
  if (grpc) {
    const unit = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 }[grpc[2] as "m"];
    return Number(grpc[1]) * unit;
  }
  const connect = context.requestHeader.get("connect-timeout-ms");
  return connect === null ? undefined : Number(connect);
}

function errorOf(definition: ErrorDefinition, metadata: Headers, info: RequestInfo | undefined): ConnectError {
  const error = new ConnectError(definition.message ?? "", definition.code as number as Code, metadata);
  const packed = info ? [pack(ConformancePayload_RequestInfoSchema, info)] : [];
  // Passed on as they came, whatever their type.
  error.details = [...definition.details, ...packed].map((any) => ({
    type: any.typeUrl.slice(any.typeUrl.lastIndexOf("/") + 1),
    value: any.value,
  }));
  return error;
}

function addHeaders(target: Headers, headers: readonly Header[] = []): void {
  for (const { name, value } of headers) {
    for (const single of value) {
      target.append(name, single);
    }
  }
}

function pack<D extends DescMessage>(schema: D, message: MessageShape<D>): Any {
  return anyPack(schema, message);
}

function delay(ms = 0): Promise<void> {
  return ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : Promise.resolve();
}
