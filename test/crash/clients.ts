import { type Client, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { MemoryService } from "../../gen/server/cairn/v1/memory_service_pb.ts";

export type MemoryClient = Client<typeof MemoryService>;

/** A client of a connection of its own: gRPC over HTTP/2, or Connect's JSON over HTTP/1.1. */
export function memoryClient(baseUrl: string, key: string, wire: "grpc" | "json"): MemoryClient {
  const options = {
    baseUrl,
    interceptors: [
      (next: (request: never) => Promise<never>) => (request: { header: Headers }) => {
        request.header.set("authorization", `Bearer ${key}`);
        return next(request as never);
      },
    ] as never,
  };
  return createClient(
    MemoryService,
    wire === "grpc"
      ? createGrpcTransport(options)
      : createConnectTransport({ ...options, httpVersion: "1.1", useBinaryFormat: false }),
  );
}
