import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { LogLine } from "../app/served-app.ts";

const WAIT_MS = 15_000;
const POLL_MS = 10;

/** Tells runners what the server saw of a call. */
export interface ControlServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves `GET /calls/<id>?at_least=<n>`: the finished calls of that id, as a list of `{method, code, messages}`, once there are n of
 * them (default 1) or fifteen seconds have passed; and `GET /begun/<id>`: whether a call of that id, an instruction, has reached the
 * server, once it has or fifteen seconds have passed. Any origin may ask, as a page in a browser does.
 */
export async function serveControl(
  lines: () => readonly LogLine[],
  begun: ReadonlySet<string>,
): Promise<ControlServer> {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://control");
    const [, what, id] = /^\/(calls|begun)\/([A-Za-z0-9._-]+)$/.exec(url.pathname) ?? [];
    response.setHeader("access-control-allow-origin", "*").setHeader("content-type", "application/json");
    if (id === undefined) return void response.writeHead(404).end("[]");
    if (what === "begun") return void response.end(JSON.stringify(await within(() => begun.has(id))));
    const calls = await finished(lines, id, Number(url.searchParams.get("at_least") ?? 1));
    response.end(JSON.stringify(calls.map(({ method, code, messages }) => ({ method, code, messages }))));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function finished(lines: () => readonly LogLine[], id: string, atLeast: number): Promise<readonly LogLine[]> {
  const found = () => lines().filter((line) => line.callId === id);
  await within(() => found().length >= atLeast);
  return found();
}

/** Whether it came to hold within fifteen seconds. */
async function within(holds: () => boolean): Promise<boolean> {
  const until = Date.now() + WAIT_MS;
  while (!holds() && Date.now() < until) await sleep(POLL_MS);
  return holds();
}
