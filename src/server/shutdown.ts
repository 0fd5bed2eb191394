import type { Calls } from "./calls.ts";
import type { PortServer } from "./cleartext-server.ts";
import type { Logger } from "./logger.ts";
import type { Readiness } from "./readiness.ts";
import type { SessionKeeper } from "./session-keeper.ts";

const SWEEP_MS = 50;
/** What the last answers get to leave the process once everything that still runs has been aborted. */
const LAST_WORDS_MS = 500;

export interface Stoppable {
  readonly port: PortServer;
  readonly sessions: SessionKeeper;
  readonly calls: Calls;
  readonly readiness: Readiness;
  readonly logger: Logger;
}

/** See `Listener.close`. */
export async function shutDown(
  { port, sessions, calls, readiness, logger }: Stoppable,
  graceMs: number,
): Promise<void> {
  logger.info({ calls: calls.size, connections: sessions.size }, "shutting down");
  readiness.stop();
  calls.beginClosing();
  const closed = new Promise<void>((resolve) => port.server.close(() => resolve()));
  sessions.closeAll();
  // Watchers of health hear that the server is not serving before their streams end.
  await new Promise((resolve) => setImmediate(resolve));
  calls.endStreams();
  // A kept connection that falls idle only now is not noticed by close().
  const sweep = setInterval(() => port.closeIdle(), SWEEP_MS);
  port.closeIdle();
  const lastWords = setTimeout(() => calls.endAll(), Math.max(graceMs - LAST_WORDS_MS, graceMs / 2));
  const cut = setTimeout(() => {
    logger.warn({ calls: calls.size, connections: sessions.size }, "cutting off what is left");
    sessions.destroyAll();
    port.closeAll();
  }, graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(lastWords);
  clearTimeout(cut);
  sessions.destroyAll();
}
