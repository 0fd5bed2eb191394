import type { EngineName } from "./engines.ts";
import { type ServedApp, serveApp } from "./served-app.ts";

const served = new Map<EngineName, Promise<ServedApp>>();

/**
 * The application that the suites of this worker share, with the settings that `serveApp` gives it: for those that work
 * inside workspaces of their own. Its lines are those since this call; `close` leaves it up, until the worker ends.
 */
export async function shareApp(engine: EngineName): Promise<ServedApp> {
  const shared = served.get(engine) ?? serveApp(engine);
  served.set(engine, shared);
  const app = await shared;
  const earlier = app.lines.length;
  return {
    ...app,
    get lines() {
      return app.lines.slice(earlier);
    },
    close: async () => {},
  };
}
