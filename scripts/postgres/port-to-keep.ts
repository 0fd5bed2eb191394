import { readFileSync } from "node:fs";
import { createServer } from "node:net";

const LOWEST = 15_000;
/** Where Linux's own range begins, unless an administrator moved it. */
const USUAL_EPHEMERAL = 32_768;

/**
 * A free TCP port of 127.0.0.1 for a server that ends and comes back to it. It lies below the range out of which the system
 * serves connections that go out: one of those could take it meanwhile, even one that tries to reach it (a connection to itself).
 *
 * @throws Error where a hundred are taken.
 */
export async function portToKeep(): Promise<number> {
  const above = ephemeralFrom();
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = LOWEST + Math.floor(Math.random() * (above - LOWEST));
    if (await isFree(port)) return port;
  }
  throw new Error(`no port of 127.0.0.1 between ${LOWEST} and ${above} is free`);
}

function ephemeralFrom(): number {
  try {
    const from = Number.parseInt(readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8"), 10);
    return from > LOWEST ? from : USUAL_EPHEMERAL;
  } catch {
    return USUAL_EPHEMERAL;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
