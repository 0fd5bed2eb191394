import type { AddressInfo } from "node:net";
import { BodyBudget } from "./body-budget.ts";
import { Callers } from "./callers.ts";
import { type CallCounts, Calls } from "./calls.ts";
import { cleartextServer, type PortServer } from "./cleartext-server.ts";
import { Cors } from "./cors.ts";
import { Dispatcher } from "./dispatcher.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import type { ListenerOptions } from "./listener-options.ts";
import { ownServices } from "./own-services.ts";
import { Probes } from "./probes.ts";
import { Quota, type QuotaLimits } from "./quota.ts";
import { Readiness } from "./readiness.ts";
import { Rejections } from "./rejection.ts";
import { rpcHandlers } from "./rpc-handlers.ts";
import { RestServer } from "./serve-rest.ts";
import { RpcServer } from "./serve-rpc.ts";
import { UnaryServer } from "./serve-unary.ts";
import { SessionKeeper } from "./session-keeper.ts";
import { shutDown } from "./shutdown.ts";
import { tlsServer } from "./tls-server.ts";
import { unreadableRequest } from "./unreadable-request.ts";

/** A running server. */
export interface Listener {
  /** Address it is bound to, such as `127.0.0.1` or `::`. */
  readonly address: string;
  readonly port: number;
  /** What runs right now, for metrics. */
  counts(): CallCounts;
  /**
   * Stops: not ready, GOAWAY, unary calls finish, streams end with UNAVAILABLE. Resolves when every connection is closed, at the
   * latest `graceMs` (default 10,000) later, when what is left is cut off. Calling it again returns the same promise.
   */
  close(graceMs?: number): Promise<void>;
}

/** Opens the port. Rejects with Node's own error (EADDRINUSE, EACCES, …) where that fails. */
export async function startListener(options: ListenerOptions): Promise<Listener> {
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const readiness = new Readiness(options.ready);
  const rejections = new Rejections(options.errorDomain);
  const calls = new Calls(rejections);
  const sessions = new SessionKeeper(limits);
  const quotas = {
    strangers: new Quota(strangerLimits(limits)),
    probes: new Quota({ ...strangerLimits(limits), yields: true }),
    // A stream ends at its own deadline, and says so.
    openStreams: new Quota({ most: limits.openStreams, maxMs: 2 * limits.streamDeadlineMs }),
  };
  const dispatcher = createDispatcher(options, limits, calls, readiness, quotas);
  const closing = () => calls.closing;
  const port: PortServer = options.tls
    ? tlsServer(options.tls, dispatcher, sessions, limits, closing)
    : cleartextServer(dispatcher, sessions, limits, closing);
  port.server.on("clientError", unreadableRequest(rejections, limits));
  if (limits.maxConnections > 0) {
    Object.assign(port.server, { maxConnections: limits.maxConnections });
  }
  try {
    await listen(port, options);
  } catch (error) {
    sessions.destroyAll();
    throw error;
  }
  const { address, port: number } = port.server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  return {
    address,
    port: number,
    counts: () => calls.counts(),
    close: (graceMs = 10_000) => {
      for (const quota of Object.values(quotas)) {
        quota.stop();
      }
      closed ??= shutDown({ port, sessions, calls, readiness, logger: options.logger }, graceMs);
      return closed;
    },
  };
}

function createDispatcher(
  options: ListenerOptions,
  limits: Limits,
  calls: Calls,
  readiness: Readiness,
  quotas: { readonly strangers: Quota; readonly probes: Quota; readonly openStreams: Quota },
): Dispatcher {
  const { logger } = options;
  const { rejections } = calls;
  const application = rpcHandlers(options.routes, options, limits, rejections);
  const services = new Set([...application.values()].map(({ handle }) => handle.service));
  const openLimits = { ...limits, readMaxBytes: limits.openReadMaxBytes, readMaxBytesOf: {} };
  const own = rpcHandlers(ownServices(services, readiness), {}, openLimits, rejections, true);
  const budget = new BodyBudget(limits.bodyBytes, limits.bodyWaitMs, () => rejections.overloaded());
  const callers = new Callers(options.admissions, quotas.strangers);
  const { strangers, openStreams } = quotas;
  const parts = { calls, callers, strangers, openStreams, budget, limits, logger };
  return new Dispatcher({
    rpcs: new Map([...own, ...application]),
    rpcServer: new RpcServer(parts),
    unaryServer: options.unary && new UnaryServer({ ...parts, transport: options.unary }),
    rest: options.rest && new RestServer({ ...parts, rest: options.rest }),
    probes: new Probes(options.pages, options.metrics, readiness, logger),
    notFound: options.notFound,
    cors: new Cors(options.corsOrigins ?? []),
    callers,
    strangers,
    probeQuota: quotas.probes,
    rejections,
    limits,
    logger,
  });
}

function strangerLimits(limits: Limits): QuotaLimits {
  const { strangers: most, strangersOfOne: mostOfOne, strangerMs: maxMs, strangerUnreadMs: unreadMs } = limits;
  return { most, mostOfOne, maxMs, unreadMs };
}

function listen({ server }: PortServer, options: ListenerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: options.port, ...(options.host === undefined ? {} : { host: options.host }) }, () => {
      server.off("error", reject);
      server.on("error", (error) => options.logger.error({ err: error }, "the port failed"));
      resolve();
    });
  });
}
