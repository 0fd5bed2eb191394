import type { ServiceImpl } from "@connectrpc/connect";
import { MemoryService } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import { createInProcessTransport } from "../../src/rpc/in-process-transport.ts";
import { type Listener, startListener } from "../../src/server/listener.ts";
import type { ListenerOptions } from "../../src/server/listener-options.ts";
import type { Logger } from "../../src/server/logger.ts";

/** A listener on a free port over a MemoryService of the test's own. */
export interface StubServer extends Listener {
  readonly url: string;
  /** Lines of level warn and above. */
  readonly complaints: object[];
}

type Stub = Partial<ServiceImpl<typeof MemoryService>>;

const running = new Set<Listener>();

/** GetMemory answers the id it was asked for; Search streams ten hits; `stub` replaces either. */
export async function startStub(
  stub: Stub = {},
  options: Partial<ListenerOptions> & { fastPath?: boolean } = {},
): Promise<StubServer> {
  const implementation: Stub = {
    getMemory: (request) => ({ memory: { id: request.memoryId } }),
    search,
    ...stub,
  };
  const complaints: object[] = [];
  const { fastPath = true, ...rest } = options;
  const unary = createInProcessTransport([{ service: MemoryService, implementation, interceptors: [] }]);
  const listener = await startListener({
    port: 0,
    host: "127.0.0.1",
    routes: (router) => router.service(MemoryService, implementation),
    ...(fastPath ? { unary } : {}),
    errorDomain: "cairn.v1",
    logger: recordingLogger(complaints),
    ...rest,
  });
  running.add(listener);
  const url = `${options.tls ? "https" : "http"}://127.0.0.1:${listener.port}`;
  return Object.assign(Object.create(listener) as Listener, { ...listener, url, complaints });
}

/** Stops what a test has started; for afterEach. */
export async function stopStubs(): Promise<void> {
  await Promise.all([...running].map((listener) => listener.close(0)));
  running.clear();
}

async function* search(): AsyncGenerator<{ part: { case: "result"; value: { rank: number } } }> {
  for (let rank = 1; rank <= 10; rank++) {
    yield hit(rank);
  }
}

export function hit(rank: number): { part: { case: "result"; value: { rank: number } } } {
  return { part: { case: "result", value: { rank } } };
}

function recordingLogger(complaints: object[]): Logger {
  const record = (fields: object, message: string) => {
    complaints.push({ ...fields, message });
  };
  return { debug: () => {}, info: () => {}, warn: record, error: record };
}
