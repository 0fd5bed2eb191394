import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { LogLine } from "../app/served-app.ts";

const WAIT_MS = 5000;
const POLL_MS = 10;

/** Tells runners what the server saw of a call. */
export interface ControlServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves `GET /calls/<id>?at_least=<n>`: the finished calls of that id, as a list of `{method, code, messages}`, once there are n of
 * them (default 1) or five seconds have passed. Any origin may ask, as a page in a browser does.
 */
export async function serveControl(lines: () => readonly LogLine[]): Promise<ControlServer> {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://control");
    const id = /^\/calls\/([A-Za-z0-9._-]+)$/.exec(url.pathname)?.[1];
    response.setHeader("access-control-allow-origin", "*").setHeader("content-type", "application/json");
    if (id === undefined) return void response.writeHead(404).end("[]");
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
  const until = Date.now() + WAIT_MS;
  for (;;) {
    const found = lines().filter((line) => line.callId === id);
    if (found.length >= atLeast || Date.now() > until) return found;
    await sleep(POLL_MS);
  }
}
