import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import { type Health, HealthCheckResponse_ServingStatus as Status } from "../../gen/server/grpc/health/v1/health_pb.ts";
import type { Readiness } from "./readiness.ts";

const POLL_MS = 1_000;

/** grpc.health.v1: every service of this process, and the process itself under the empty name, serves when the server is ready. */
export function healthService(readiness: Readiness, services: () => Iterable<string>): ServiceImpl<typeof Health> {
  const knows = (service: string) => service === "" || [...services()].includes(service);
  const now = async () => ((await readiness.now()) ? Status.SERVING : Status.NOT_SERVING);
  return {
    async check({ service }) {
      if (!knows(service)) {
        throw new ConnectError(`no service ${service}`, Code.NotFound);
      }
      return { status: await now() };
    },
    async list() {
      const status = await now();
      return { statuses: Object.fromEntries(["", ...services()].map((service) => [service, { status }])) };
    },
    async *watch({ service }, context) {
      const { signal } = context;
      let last: Status | undefined;
      while (!signal.aborted) {
        const status = knows(service) ? await now() : Status.SERVICE_UNKNOWN;
        if (status !== last) {
          last = status;
          yield { status };
        }
        await readiness.change(POLL_MS, signal);
      }
      // Whoever ended the watch, the caller learns why: a watch has no end of its own.
      signal.throwIfAborted();
    },
  };
}
