/**
 * The program that the conformance runner starts, once for each server configuration: reads what to serve from stdin, writes
 * where it serves to stdout, and ends on SIGTERM. `--no-fast-path` leaves every call to Connect's universal handlers.
 */
import { readFileSync } from "node:fs";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import { createInProcessTransport, mount } from "../../src/rpc/in-process-transport.ts";
import { startListener } from "../../src/server/listener.ts";
import { conformanceService, requestRegistry } from "./conformance-service.ts";
import {
  type ServerCompatRequest,
  ServerCompatRequestSchema,
  ServerCompatResponseSchema,
} from "./gen/connectrpc/conformance/v1/server_compat_pb.ts";
import { ConformanceService } from "./gen/connectrpc/conformance/v1/service_pb.ts";

const SIZE_BYTES = 4;
const fastPath = !process.argv.includes("--no-fast-path");

await main();

async function main(): Promise<void> {
  const request = fromBinary(ServerCompatRequestSchema, readFileSync(0).subarray(SIZE_BYTES));
  const listener = await startListener({
    host: "127.0.0.1",
    port: 0,
    ...tlsOf(request),
    routes: (router) => router.service(ConformanceService, conformanceService),
    ...(fastPath ? { unary: inProcess() } : {}),
    json: { registry: requestRegistry },
    limits: request.messageReceiveLimit > 0 ? { readMaxBytes: request.messageReceiveLimit } : {},
    logger: { debug: () => {}, info: () => {}, warn: complain, error: complain },
  });
  const response = create(ServerCompatResponseSchema, {
    host: listener.address,
    port: listener.port,
    ...(request.useTls ? { pemCert: request.serverCreds!.cert } : {}),
  });
  const bytes = toBinary(ServerCompatResponseSchema, response);
  const size = Buffer.alloc(SIZE_BYTES);
  size.writeUInt32BE(bytes.byteLength);
  process.stdout.write(Buffer.concat([size, bytes]));
  process.once("SIGTERM", () => listener.close(1_000));
}

function inProcess() {
  return createInProcessTransport([
    mount(ConformanceService, conformanceService as ServiceImpl<typeof ConformanceService>, []),
  ]);
}

function tlsOf(request: ServerCompatRequest) {
  if (!request.useTls) {
    return {};
  }
  const { key, cert } = request.serverCreds!;
  const clientCa = request.clientTlsCert.byteLength > 0 ? { clientCa: Buffer.from(request.clientTlsCert) } : {};
  return { tls: { key: Buffer.from(key), cert: Buffer.from(cert), ...clientCa } };
}

function complain(fields: object, message: string): void {
  console.error(message, fields);
}
