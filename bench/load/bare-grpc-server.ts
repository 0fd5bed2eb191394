import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import {
  GetMemoryRequestSchema,
  type GetMemoryResponse,
  GetMemoryResponseSchema,
  MemoryService,
} from "../../gen/server/cairn/v1/memory_service_pb.ts";
import { serveJobs } from "./worker.ts";

export interface BareServerJob {
  /** The response's bytes. It is decoded once, and encoded for every answer as the server would. */
  readonly response: Uint8Array;
}

/** A grpc-js server whose handler does nothing but answer one message; the job's result is its URL. */
serveJobs<BareServerJob, string>(async ({ response }) => {
  const answer = fromBinary(GetMemoryResponseSchema, response);
  const server = new Server();
  server.addService(
    {
      GetMemory: {
        path: `/${MemoryService.typeName}/GetMemory`,
        requestStream: false,
        responseStream: false,
        requestDeserialize: (bytes: Buffer) => fromBinary(GetMemoryRequestSchema, bytes),
        requestSerialize: () => Buffer.alloc(0),
        responseSerialize: (message: GetMemoryResponse) => Buffer.from(toBinary(GetMemoryResponseSchema, message)),
        responseDeserialize: (bytes: Buffer) => bytes,
      },
    },
    {
      GetMemory: (_call: unknown, callback: (error: null, answer: GetMemoryResponse) => void) => callback(null, answer),
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return `http://127.0.0.1:${port}`;
});
