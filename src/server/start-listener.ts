import { Calls } from "./calls.ts";
import { Dispatcher } from "./dispatcher.ts";
import { healthRoutes } from "./health-service.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import type { ListenerOptions } from "./listener-options.ts";
import { Port } from "./port.ts";
import { Probes } from "./probes.ts";
import { Readiness } from "./readiness.ts";
import { Refusals } from "./refusal.ts";
import { rpcHandlers } from "./rpc-handlers.ts";
import { RestServer } from "./serve-rest.ts";
import { RpcServer } from "./serve-rpc.ts";

/** Milliseconds that streams and late calls get to say how they ended, once they have been aborted. */
const LAST_WORDS_MS = 500;

/** A running listener. */
export interface Listener {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly port: number;
  /**
   * Shuts down: not ready, no more connections, GOAWAY; streams end with UNAVAILABLE, unary calls finish. What still runs after
   * `graceMs` (default 10,000) ends with UNAVAILABLE too. Resolves, at most half a second later, when every connection is
   * closed. A second call gets the promise of the first.
   */
  close(graceMs?: number): Promise<void>;
}

/**
 * Opens the port and serves. Throws where the options contradict one another, rejects with Node's error where the address
 * cannot be had (EADDRINUSE, EACCES, EADDRNOTAVAIL).
 */
export async function startListener(options: ListenerOptions): Promise<Listener> {
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const refusals = new Refusals(options.errorDomain);
  const readiness = new Readiness(options.ready);
  const calls = new Calls(refusals);
  const { logger } = options;
  const dispatcher = new Dispatcher({
    rpcs: rpcHandlers(options, healthRoutes(options, readiness), limits, refusals),
    rpcServer: new RpcServer(calls, limits, logger),
    rest: options.rest && new RestServer(options.rest, calls, limits, logger),
    probes: new Probes(options.pages, options.metrics, readiness, logger),
    notFound: options.notFound,
    refusals,
    limits,
    logger,
  });
  const port = new Port(limits, options.tls, (exchange) => dispatcher.dispatch(exchange));
  const address = await port.listen(options.port, options.host);
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  let closing: Promise<void> | undefined;
  return {
    url: `${options.tls ? "https" : "http"}://${host}:${address.port}`,
    port: address.port,
    close(graceMs = 10_000) {
      closing ??= shutDown(port, calls, readiness, graceMs);
      return closing;
    },
  };
}

async function shutDown(port: Port, calls: Calls, readiness: Readiness, graceMs: number): Promise<void> {
  readiness.stop();
  calls.endStreams();
  await port.drain(graceMs);
  if (port.connections > 0) {
    calls.endAll();
    await port.drain(LAST_WORDS_MS);
  }
  port.destroy();
}
