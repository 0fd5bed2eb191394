import {
  create,
  type DescMethod,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { type Client as ConnectClient, createClient, type Interceptor, type Transport } from "@connectrpc/connect";
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
  compressionGzip as gzip,
  type Http2SessionManager,
} from "@connectrpc/connect-node";
import {
  type CallOptions,
  type ClientReadableStream,
  credentials,
  Client as GrpcClient,
  type Metadata,
  type ServiceError,
} from "@grpc/grpc-js";
import {
  GetMemoryRequestSchema,
  GetMemoryResponseSchema,
  MemoryService,
  SearchRequestSchema,
  SearchResponseSchema,
} from "../../gen/server/cairn/v1/memory_service_pb.ts";

export type MemoryClient = ConnectClient<typeof MemoryService>;

/** Every way in which connect-node can speak to the server. */
export function connectTransports(baseUrl: string, nodeOptions: { rejectUnauthorized?: boolean } = {}) {
  const json = { useBinaryFormat: false };
  const http1 = { baseUrl, httpVersion: "1.1", nodeOptions } as const;
  const http2 = { baseUrl, httpVersion: "2", nodeOptions } as const;
  return {
    "Connect, Protobuf, HTTP/1.1": createConnectTransport(http1),
    "Connect, Protobuf, HTTP/2": createConnectTransport(http2),
    "Connect, JSON, HTTP/1.1": createConnectTransport({ ...http1, ...json }),
    "Connect, JSON, HTTP/2": createConnectTransport({ ...http2, ...json }),
    "Connect, GET": createConnectTransport({ ...http1, useHttpGet: true }),
    "Connect, gzip": createConnectTransport({ ...http2, sendCompression: gzip, compressMinBytes: 1 }),
    "gRPC-Web, HTTP/1.1": createGrpcWebTransport(http1),
    "gRPC-Web, HTTP/2": createGrpcWebTransport(http2),
    "gRPC-Web, JSON": createGrpcWebTransport({ ...http2, ...json }),
    gRPC: createGrpcTransport({ baseUrl, nodeOptions }),
    "gRPC, JSON": createGrpcTransport({ baseUrl, nodeOptions, ...json }),
    "gRPC, gzip": createGrpcTransport({ baseUrl, nodeOptions, sendCompression: gzip, compressMinBytes: 1 }),
  };
}

export type TransportName = keyof ReturnType<typeof connectTransports>;
export const transportNames = Object.keys(connectTransports("http://127.0.0.1:1")) as TransportName[];

export function grpcClient(
  baseUrl: string,
  options: { interceptors?: Interceptor[]; sessionManager?: Http2SessionManager } = {},
): MemoryClient {
  return createClient(MemoryService, createGrpcTransport({ baseUrl, ...options }));
}

export function clientOf(transport: Transport): MemoryClient {
  return createClient(MemoryService, transport);
}

const get = MemoryService.method.getMemory;
const search = MemoryService.method.search;

/** An @grpc/grpc-js client, which shares no code with the server. */
export class GrpcJsClient {
  readonly #client: GrpcClient;

  constructor(port: number, channelCredentials = credentials.createInsecure(), options = {}) {
    this.#client = new GrpcClient(`127.0.0.1:${port}`, channelCredentials, options);
  }

  get(
    init: MessageInitShape<typeof GetMemoryRequestSchema>,
    metadata: Metadata,
    options: CallOptions = {},
    path = pathOf(get),
  ): Promise<MessageShape<typeof GetMemoryResponseSchema>> {
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        path,
        (message) => Buffer.from(toBinary(GetMemoryRequestSchema, message)),
        (bytes) => fromBinary(GetMemoryResponseSchema, bytes),
        create(GetMemoryRequestSchema, init),
        metadata,
        options,
        (error: ServiceError | null, value) => (error ? reject(error) : resolve(value!)),
      );
    });
  }

  search(query: string, options: CallOptions = {}): ClientReadableStream<MessageShape<typeof SearchResponseSchema>> {
    return this.#client.makeServerStreamRequest(
      pathOf(search),
      (message) => Buffer.from(toBinary(SearchRequestSchema, message)),
      (bytes) => fromBinary(SearchResponseSchema, bytes),
      create(SearchRequestSchema, { query }),
      options,
    );
  }

  close(): void {
    this.#client.close();
  }
}

function pathOf(method: DescMethod): string {
  return `/${method.parent.typeName}/${method.name}`;
}
