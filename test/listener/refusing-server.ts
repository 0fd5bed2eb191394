/** A process that listens and knows nobody: prints its port. `tls` as its argument: over TLS. */
import { Code, ConnectError } from "@connectrpc/connect";
import { MemoryService } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import { createInProcessTransport } from "../../src/rpc/in-process-transport.ts";
import { startListener } from "../../src/server/listener.ts";
import { selfSigned } from "./certificates.ts";

const quiet = () => {};
const rejection = new ConnectError("the key is unknown", Code.Unauthenticated);
const listener = await startListener({
  port: 0,
  host: "127.0.0.1",
  ...(process.argv[2] === "tls" ? { tls: selfSigned("server") } : {}),
  routes: (router) => router.service(MemoryService, {}),
  unary: createInProcessTransport([{ service: MemoryService, implementation: {}, interceptors: [] }]),
  // As long as a look-up in a busy database takes.
  admissions: {
    admit: () => new Promise((resolve) => setTimeout(resolve, 1_000, { rejection })),
    recognises: () => false,
  },
  limits: { readMaxBytes: 4 << 20 },
  logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
});
process.stdout.write(`${listener.port}\n`);
process.once("disconnect", () => process.exit(0));
