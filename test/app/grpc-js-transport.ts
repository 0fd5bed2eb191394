import {
  create,
  type DescMessage,
  type DescMethod,
  type DescMethodStreaming,
  type DescMethodUnary,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { Code, ConnectError, type StreamResponse, type Transport, type UnaryResponse } from "@connectrpc/connect";
import { Client, credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import { StatusSchema } from "../../gen/server/google/rpc/status_pb.ts";
import { collect } from "./collect.ts";

/** Google's own gRPC client, made to look like a transport of Connect's, so that one scenario runs over both. */
export interface GrpcJsTransport extends Transport {
  close(): void;
}

export function createGrpcJsTransport(port: number): GrpcJsTransport {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
  });
  return {
    close: () => client.close(),
    unary<I extends DescMessage, O extends DescMessage>(
      method: DescMethodUnary<I, O>,
      signal: AbortSignal | undefined,
      _timeoutMs: number | undefined,
      header: HeadersInit | undefined,
      input: MessageInitShape<I>,
    ): Promise<UnaryResponse<I, O>> {
      return new Promise((resolve, reject) => {
        const answered = (error: ServiceError | null, message?: MessageShape<O>) =>
          error ? reject(toConnectError(error)) : resolve(responseOf(method, false, message!) as UnaryResponse<I, O>);
        const call = client.makeUnaryRequest<MessageShape<I>, MessageShape<O>>(
          pathOf(method),
          encoder(method),
          decoder(method),
          create(method.input, input),
          metadataOf(header),
          answered,
        );
        signal?.addEventListener("abort", () => call.cancel());
      });
    },
    async stream<I extends DescMessage, O extends DescMessage>(
      method: DescMethodStreaming<I, O>,
      signal: AbortSignal | undefined,
      _timeoutMs: number | undefined,
      header: HeadersInit | undefined,
      input: AsyncIterable<MessageInitShape<I>>,
    ): Promise<StreamResponse<I, O>> {
      const [init] = await collect(input);
      const call = client.makeServerStreamRequest<MessageShape<I>, MessageShape<O>>(
        pathOf(method),
        encoder(method),
        decoder(method),
        create(method.input, init),
        metadataOf(header),
      );
      signal?.addEventListener("abort", () => call.cancel());
      return responseOf(
        method,
        true,
        untilCancelled(call, () => call.cancel()),
      ) as unknown as StreamResponse<I, O>;
    },
  };
}

async function* untilCancelled<T>(messages: AsyncIterable<T>, cancel: () => void): AsyncGenerator<T> {
  try {
    yield* messages;
  } catch (error) {
    throw toConnectError(error as ServiceError);
  } finally {
    cancel();
  }
}

function responseOf(method: DescMethod, stream: boolean, message: unknown) {
  return { stream, service: method.parent, method, header: new Headers(), trailer: new Headers(), message };
}

function pathOf(method: DescMethod): string {
  return `/${method.parent.typeName}/${method.name}`;
}

function encoder<I extends DescMessage>(method: { input: I }) {
  return (message: MessageShape<I>) => Buffer.from(toBinary(method.input, message));
}

function decoder<O extends DescMessage>(method: { output: O }) {
  return (bytes: Buffer) => fromBinary(method.output, bytes);
}

function metadataOf(header: HeadersInit | undefined): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of new Headers(header)) {
    metadata.set(name, value);
  }
  return metadata;
}

function toConnectError(error: ServiceError): ConnectError {
  const connectError = new ConnectError(error.details ?? error.message, (error.code ?? Code.Unknown) as number as Code);
  const [status] = error.metadata?.get("grpc-status-details-bin") ?? [];
  if (status !== undefined) {
    connectError.details = fromBinary(StatusSchema, Buffer.from(status)).details.map((any) => ({
      type: any.typeUrl.slice(any.typeUrl.lastIndexOf("/") + 1),
      value: any.value,
    }));
  }
  return connectError;
}
